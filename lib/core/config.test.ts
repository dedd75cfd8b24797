import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ConfigError, loadConfig } from './config.ts';

const least = { DATABASE_URL: 'postgresql://web:pass@db:5432/quarterdeck', QD_SECRET: 'x'.repeat(32) };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'quarterdeck-config-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(text: string): string {
  const path = join(folder, `${Math.random().toString(36).slice(2)}.yaml`);
  writeFileSync(path, text);
  return path;
}

function problems(env: Record<string, string>): string[] {
  try {
    loadConfig(env);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message
      .split('\n')
      .slice(1)
      .map((line) => line.trim());
  }
}

describe('the configuration', () => {
  test('needs only a database and a secret', () => {
    expect(loadConfig(least)).toMatchObject({ ...least, QD_PUBLIC_URL: 'http://localhost:3000', LOG_LEVEL: 'info' });
  });

  test('tells everything that is wrong at once, each with its name and what would be right', () => {
    expect(
      problems({
        DATABASE_URL: 'mysql://db',
        DATABASE_POOL_SIZE: 'many',
        QD_SECRET: 'short',
        QD_PUBLIC_URL: 'https://example.com/below',
        QD_TRUSTED_PROXIES: '10.0.0.0/8, proxy.example.com',
        QD_DEMO: 'perhaps',
        PROMETHEUS_TIMEOUT_SECONDS: '0',
        LOG_LEVEL: 'loud',
      }),
    ).toEqual([
      'DATABASE_URL: must be postgresql://user:password@host:port/database',
      'DATABASE_POOL_SIZE: must be a whole number',
      'QD_PUBLIC_URL: must have no path: the console lives at the root of its host',
      'QD_SECRET: must have at least 32 characters',
      'QD_TRUSTED_PROXIES: must be addresses or CIDR ranges, such as 10.0.0.0/8, ::1',
      'QD_DEMO: must be true or false',
      'PROMETHEUS_TIMEOUT_SECONDS: must be 1 or more',
      expect.stringMatching(/^LOG_LEVEL: .*"debug"/),
    ]);
  });

  test('says what a missing setting is for', () => {
    expect(problems({})).toEqual([
      expect.stringMatching(/^DATABASE_URL: is missing\. Postgres 15/),
      expect.stringMatching(/^QD_SECRET: is missing\. Signs sessions/),
    ]);
  });

  test('never repeats a value: it may be a secret', () => {
    expect(problems({ ...least, QD_SECRET: 'hunter2', DATABASE_URL: 'x:hunter2' }).join()).not.toContain('hunter2');
  });

  test('takes an empty variable for an absent one', () => {
    expect(loadConfig({ ...least, PROMETHEUS_URL: '', QD_DEMO: '' })).toMatchObject({ QD_DEMO: false });
    expect(problems({ ...least, QD_SECRET: '' })).toEqual([expect.stringContaining('QD_SECRET: is missing')]);
  });
});

describe('a configuration file', () => {
  test('stands below the environment and above the defaults', () => {
    const QD_CONFIG = file('LOG_LEVEL: debug\nPROMETHEUS_TIMEOUT_SECONDS: 20\nQD_DEMO: true\n');
    expect(loadConfig({ ...least, QD_CONFIG, LOG_LEVEL: 'error' })).toMatchObject({
      LOG_LEVEL: 'error',
      PROMETHEUS_TIMEOUT_SECONDS: 20,
      QD_DEMO: true,
    });
  });

  test('may leave a name empty', () => {
    expect(loadConfig({ ...least, QD_CONFIG: file('LOG_LEVEL:\nPROMETHEUS_URL: ""\n') }).LOG_LEVEL).toBe('info');
  });

  test('that names something unknown is pointed out, together with the rest', () => {
    const QD_CONFIG = file('PROMETHEUS_URI: http://prometheus\nLOG_LEVEL: [info]\n');
    expect(problems({ ...least, QD_CONFIG })).toEqual([
      `PROMETHEUS_URI (in ${QD_CONFIG}): is not a setting`,
      expect.stringMatching(/^LOG_LEVEL: /),
    ]);
  });

  test.each([
    ['is absent', () => join(folder, 'nowhere.yaml'), /ENOENT/],
    ['is a list', () => file('- a\n'), /must be a mapping of names to values/],
    ['is not YAML', () => file('a: [\n'), /QD_CONFIG/],
  ])('that %s is named', (_, path, expected) => {
    expect(problems({ ...least, QD_CONFIG: path() }).join('\n')).toMatch(expected);
  });

  test('that is empty changes nothing', () => {
    expect(loadConfig({ ...least, QD_CONFIG: file('') }).LOG_LEVEL).toBe('info');
  });
});
