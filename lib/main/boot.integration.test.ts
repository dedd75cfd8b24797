import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect } from '#lib/db/index.ts';
import { createTestDatabase, type TestDatabase } from '#lib/db/testing/database.ts';

let fresh: TestDatabase;
let demo: TestDatabase;
beforeAll(async () => {
  [fresh, demo] = [await createTestDatabase(), await createTestDatabase()];
  const database = connect(demo.url, 1);
  await database.install.create({ data: { demo: true, setUpAt: new Date() } });
  await database.$disconnect();
});
afterAll(() => Promise.all([fresh.drop(), demo.drop()]));

/** A web process that begins, and ends by itself after a few seconds at the latest. */
function boot(env: Record<string, string>): Promise<{ status: unknown; stdout: string; stderr: string }> {
  const code = `import { boot } from '#lib/main/boot.ts'; boot(); setTimeout(() => process.exit(0), 4_000);`;
  const given = { NODE_ENV: 'production' as const, PATH: process.env.PATH, QD_SECRET: 'x'.repeat(32), ...env };
  return new Promise((done) => {
    const options = { cwd: resolve(import.meta.dirname, '../..'), env: given };
    execFile(process.execPath, ['--input-type=module', '-e', code], options, (error, stdout, stderr) =>
      done({ status: error?.code ?? 0, stdout, stderr }),
    );
  });
}

test('a web process says what is wrong before it serves anything, and prints the set-up token of a new install', async () => {
  const [wrong, refused, allowed, first] = await Promise.all([
    boot({ DATABASE_URL: '', QD_PUBLIC_URL: 'x' }),
    boot({ DATABASE_URL: demo.url }),
    boot({ DATABASE_URL: demo.url, QD_DEMO: '1' }),
    boot({ DATABASE_URL: fresh.url, QD_PUBLIC_URL: 'https://deck.example.com' }),
  ]);
  expect(wrong.status).toBe(1);
  expect(wrong.stderr).toMatch(
    /^The configuration is not valid:\n {2}DATABASE_URL: is missing.*\n {2}QD_PUBLIC_URL: must be/,
  );
  expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining('This database holds demo accounts') });
  expect(allowed).toMatchObject({ status: 0, stderr: '' });
  expect(allowed.stdout).not.toContain('token');
  expect(first.stdout).toMatch(/Set up Quarterdeck at https:\/\/deck\.example\.com\/setup with the token [\w-]{24}"/);
});
