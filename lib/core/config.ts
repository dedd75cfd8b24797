import { readFileSync } from 'node:fs';
import ipaddr from 'ipaddr.js';
import { parse as parseYaml } from 'yaml';
import * as z from 'zod';
import { once } from './registry.ts';

const url = (what: string) => z.url({ protocol: /^https?$/, error: `must be an http or https address of ${what}` });
const postgres = z.url({ protocol: /^postgres(ql)?$/, error: 'must be postgresql://user:password@host:port/database' });
const flag = z.stringbool({ error: 'must be true or false' });
const secret = (least: number) => z.string().min(least, `must have at least ${least} characters`);
const seconds = (least: number, most: number) =>
  z.coerce
    .number('must be a number of seconds')
    .min(least, `must be ${least} or more`)
    .max(most, `must be ${most} or less`);
/** `name=https://…, https://…`: one source for each, with the host as name where none is given. */
const sources = (what: string) =>
  z.string().transform((text, context): ConfiguredSource[] => {
    const found: ConfiguredSource[] = [];
    for (const entry of splitList(text)) {
      const [, name, address = ''] = /^(?:([\w.-]+)=)?(.+)$/.exec(entry) ?? [];
      if (!/^https?:\/\//.test(address) || !URL.canParse(address)) {
        const message = `${JSON.stringify(entry)} must be an http or https address of ${what}, or name=address`;
        context.addIssue({ code: 'custom', message });
        continue;
      }
      const host = new URL(address).host;
      found.push({ name: name ?? host, url: address });
    }
    const twice = found.find(({ name }, index) => found.findIndex((one) => one.name === name) !== index);
    if (twice)
      context.addIssue({ code: 'custom', message: `${twice.name} stands twice: give each source its own name` });
    return found;
  });
const isAddress = (text: string) => (text.includes('/') ? ipaddr.isValidCIDR(text) : ipaddr.isValid(text));

/** An engine of which there may be several. */
export interface ConfiguredSource {
  name: string;
  url: string;
}

/** Every setting, by the name of its environment variable. `docs/configuration.md` is generated from this. */
export const settings = z.object({
  DATABASE_URL: postgres.describe('Postgres 15 or later, as the role of the web process.'),
  DATABASE_DIRECT_URL: postgres
    .optional()
    .describe('The same database past a pooler, for LISTEN. Defaults to DATABASE_URL.'),
  DATABASE_POOL_SIZE: z.coerce
    .number('must be a whole number')
    .int('must be a whole number')
    .min(1, 'must be 1 or more')
    .max(200, 'must be 200 or less')
    .default(10)
    .describe('Connections that one process keeps at most.'),
  QD_PUBLIC_URL: url('this console')
    .refine(
      (text) => !URL.canParse(text) || new URL(text).pathname === '/',
      'must have no path: the console lives at the root of its host',
    )
    .default('http://localhost:3000')
    .describe('The address that people type; requests from another origin may not change anything.'),
  QD_SECRET: secret(32).describe('Signs sessions. Changing it signs everybody out.'),
  QD_ENCRYPTION_KEY: secret(32).optional().describe('Encrypts stored credentials of sources and targets.'),
  QD_SETUP_TOKEN: secret(16).optional().describe('One-time token of the set-up page; else one is printed in the log.'),
  QD_HOOK_TOKEN: secret(16).optional().describe('Bearer token of /api/hooks/*; without it hooks are closed.'),
  QD_TRUSTED_PROXIES: z
    .string()
    .refine((text) => splitList(text).every(isAddress), 'must be addresses or CIDR ranges, such as 10.0.0.0/8, ::1')
    .default('')
    .describe('Comma-separated addresses or CIDR ranges of proxies whose X-Forwarded-For is believed.'),
  QD_DEMO: flag.default(false).describe('Set by the one-machine stack: the database may hold demo accounts.'),
  PROMETHEUS_URL: url('Prometheus, Thanos, Mimir or VictoriaMetrics')
    .optional()
    .describe('Where metrics are read. Without it the screens say that no metrics source is configured.'),
  PROMETHEUS_TOKEN: secret(1).optional().describe('Bearer token for it.'),
  PROMETHEUS_USERNAME: z.string().optional().describe('Basic authentication for it.'),
  PROMETHEUS_PASSWORD: z.string().optional().describe('Basic authentication for it.'),
  PROMETHEUS_TENANT: z.string().optional().describe('Sent as X-Scope-OrgID (Mimir, Cortex).'),
  PROMETHEUS_SCRAPE_SECONDS: seconds(1, 300)
    .default(15)
    .describe('Its scrape interval: the shortest step and cache time.'),
  PROMETHEUS_TIMEOUT_SECONDS: seconds(1, 300).default(15).describe('How long a query may take.'),
  QD_ENVIRONMENT_LABEL: z
    .string()
    .regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'must be a Prometheus label name')
    .default('deployment_environment_name')
    .describe('The label that holds the environment.'),
  QD_DEFAULT_ENVIRONMENT: z
    .string()
    .default('production')
    .describe('The environment of series without that label, and the one shown first.'),
  QD_CATALOG_DIR: z.string().default('deploy/catalog').describe('Folder of service descriptions (YAML).'),
  QD_SLO_DIR: z
    .string()
    .default('deploy/slos')
    .describe(
      'Folder of SLOs (OpenSLO v1 YAML), read again when a file changes. An SLO in it is changed there only, and takes the place of one of the same name that was made in the console; one that is in no file any more is archived.',
    ),
  RULES_DIR: z
    .string()
    .optional()
    .describe(
      'Folder that Prometheus reads rule files from: the worker writes the rules of all SLOs there and has Prometheus load them. Without it the file is offered for download.',
    ),
  ALERTMANAGER_URL: sources('Alertmanager')
    .default([])
    .describe('Alertmanager; several comma-separated addresses are one cluster. `name=https://…` names a member.'),
  ALERTMANAGER_TOKEN: secret(1).optional().describe('Bearer token for it.'),
  ALERTMANAGER_TENANT: z.string().optional().describe('Sent to it as X-Scope-OrgID (Mimir).'),
  ALERTMANAGER_TIMEOUT_SECONDS: seconds(1, 120).default(10).describe('How long one question to it may take.'),
  QD_GENERATED_HISTORY_UNTIL: z.iso
    .datetime({ error: 'must be a time such as 2026-11-21T14:30:00Z' })
    .optional()
    .describe('Set by the one-machine stack: figures before are generated, and screens say so.'),
  SUPERVISOR_URL: url('the supervisor').optional().describe('The supervisor of the one-machine stack.'),
  SUPERVISOR_TOKEN: secret(1).optional().describe('Bearer token of the supervisor.'),
  OTLP_URL: url('the receiver')
    .optional()
    .describe('The receiver of traces and logs. With it, what it keeps in Postgres is a source of both.'),
  TRACES_URL: sources('Jaeger or Tempo')
    .default([])
    .describe(
      'Where traces are read: comma-separated addresses of Jaeger (its query port) or Tempo; which one it is, is detected. `name=https://…` names a source.',
    ),
  TRACES_TOKEN: secret(1).optional().describe('Bearer token for them.'),
  TRACES_TENANT: z.string().optional().describe('Sent to them as X-Scope-OrgID (Tempo).'),
  TRACES_TIMEOUT_SECONDS: seconds(1, 300).default(15).describe('How long one question to them may take.'),
  LOGS_URL: sources('Loki')
    .default([])
    .describe('Where logs are read: comma-separated addresses of Loki. `name=https://…` names a source.'),
  LOGS_TOKEN: secret(1).optional().describe('Bearer token for them.'),
  LOGS_TENANT: z.string().optional().describe('Sent to them as X-Scope-OrgID.'),
  LOGS_TIMEOUT_SECONDS: seconds(1, 300).default(15).describe('How long one question to them may take.'),
  REDIS_URL: z
    .url({ protocol: /^rediss?$/, error: 'must be redis://host:port' })
    .optional()
    .describe("The fleet's Redis; shown among the sources."),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']).default('info').describe('What is logged.'),
});

export type Config = z.infer<typeof settings>;

/** The entries of a comma-separated setting. */
export function splitList(text: string): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);
}

/** All that is wrong with the configuration, at once; each line has a name and what would be right. */
export class ConfigError extends Error {
  constructor(problems: string[]) {
    super(`The configuration is not valid:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

/**
 * Reads settings: the environment over one YAML file (`QD_CONFIG`) over defaults. Empty variables count as absent.
 * Throws `ConfigError` with every problem.
 */
export function loadConfig(env: Record<string, string | undefined> = process.env): Config {
  const problems: string[] = [];
  let file: Record<string, unknown> = {};
  if (env.QD_CONFIG) {
    try {
      file = z.record(z.string(), z.unknown()).parse(parseYaml(readFileSync(env.QD_CONFIG, 'utf8')) ?? {});
    } catch (error) {
      const why = error instanceof z.ZodError ? 'must be a mapping of names to values' : (error as Error).message;
      problems.push(`QD_CONFIG (${env.QD_CONFIG}): ${why}`);
    }
    for (const name of Object.keys(file)) {
      if (!(name in settings.shape)) problems.push(`${name} (in ${env.QD_CONFIG}): is not a setting`);
    }
  }
  const given = Object.fromEntries(
    Object.keys(settings.shape).flatMap((name) => {
      const value = env[name] || (file[name] ?? '');
      return value === '' ? [] : [[name, typeof value === 'object' ? value : String(value)]];
    }),
  );
  const parsed = settings.safeParse(given);
  if (!parsed.success) {
    for (const { path, message } of parsed.error.issues) {
      const name = String(path[0]);
      const absent = !(name in given);
      problems.push(`${name}: ${absent ? `is missing. ${settings.shape[name as keyof Config].description}` : message}`);
    }
  }
  if (problems.length > 0 || !parsed.success) throw new ConfigError(problems);
  return parsed.data;
}

/** The process's configuration, read once. */
export function config(): Config {
  return once('config', () => loadConfig());
}
