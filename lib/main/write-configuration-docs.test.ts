import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { settings } from '#lib/core/config.ts';
import { receiverSettings } from '#lib/receiver/config.ts';
import { configurationDocs, renderConfigurationDocs } from './write-configuration-docs.ts';

describe('docs/configuration.md', () => {
  test('says what the schemas say; else run `npm run docs:configuration`', () => {
    expect(readFileSync(configurationDocs, 'utf8')).toBe(renderConfigurationDocs());
  });

  test('has every setting with what it is for', () => {
    for (const [name, setting] of Object.entries({ ...settings.shape, ...receiverSettings.shape })) {
      expect(setting.description).toMatch(/\.$/);
      expect(renderConfigurationDocs()).toContain(`| \`${name}\` `);
    }
  });

  test.each([
    ['QD_SECRET', 'text of 32 characters or more', '**needed**'],
    ['DATABASE_POOL_SIZE', 'whole number, 1 to 200', '`10`'],
    ['QD_DEMO', '`true` or `false`', '`false`'],
    ['LOG_LEVEL', '`trace`, `debug`, `info`, `warn`, `error`, `fatal`', '`info`'],
    ['PROMETHEUS_URL', 'address', ''],
    ['QD_TRUSTED_PROXIES', 'text', ''],
  ])('tells what %s may be and what holds otherwise', (name, values, fallback) => {
    const line =
      renderConfigurationDocs()
        .split('\n')
        .find((one) => one.startsWith(`| \`${name}\` `)) ?? '';
    expect(
      line
        .split('|')
        .map((cell) => cell.trim())
        .slice(3, 5),
    ).toEqual([values, fallback]);
  });
});
