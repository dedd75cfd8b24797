import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as z from 'zod';

export const demoRoles = ['viewer', 'responder', 'commander', 'admin'] as const;
export type DemoRole = (typeof demoRoles)[number];

const random = (bytes: number) => z.string().default(() => randomBytes(bytes).toString('base64url'));
const perRole = (value: () => z.ZodDefault<z.ZodString>) =>
  z.object({ viewer: value(), responder: value(), commander: value(), admin: value() }).prefault({});

const shape = z.object({
  postgres: z
    .object({
      superuser: random(18),
      owner: random(18),
      web: random(18),
      worker: random(18),
      receiver: random(18),
      product: random(18),
      order: random(18),
      payment: random(18),
    })
    .prefault({}),
  redis: random(18),
  supervisor: random(24),
  registry: random(24),
  metrics: random(24),
  hook: random(24),
  setUp: random(24),
  session: random(36),
  encryption: z.string().default(() => randomBytes(32).toString('base64')),
  gatewayApiKey: random(24),
  incident: random(24),
  passwords: perRole(() => random(12)),
  tokens: perRole(() => z.string().default(() => `qd_${randomBytes(24).toString('base64url')}`)),
});

export type Secrets = z.infer<typeof shape>;

/** The passwords and tokens of a data folder: random ones are made for those that are not there yet (mode 600). */
export function openSecrets(file: string): Secrets {
  const kept: unknown = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const secrets = shape.parse(kept);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return secrets;
}

/** The people of the demo, one for each role. */
export function demoAccounts(secrets: Secrets): { email: string; name: string; password: string; role: DemoRole }[] {
  const names = { viewer: 'Vera Viewer', responder: 'Rafa Responder', commander: 'Cora Commander', admin: 'Ada Admin' };
  return demoRoles.map((role) => ({
    email: `${role}@quarterdeck.local`,
    name: names[role],
    password: secrets.passwords[role],
    role,
  }));
}
