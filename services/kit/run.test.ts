import { expect, it } from 'vitest';
import { secretsOf } from './run.ts';

it('finds the secrets of an environment by the names of its variables and in its URLs', () => {
  const secrets = secretsOf({
    PATH: '/usr/bin',
    REGISTRY_TOKEN: 'registry-token',
    GATEWAY_API_KEYS: 'web:key-of-web,app:key-of-app',
    DATABASE_URL: 'postgres://order:p%40ss@127.0.0.1/fleet',
    REGISTRY_URL: 'http://127.0.0.1:9400',
  });
  expect(secrets).toEqual(expect.arrayContaining(['registry-token', 'key-of-web', 'key-of-app', 'p%40ss', 'p@ss']));
  expect(secrets).not.toContain('/usr/bin');
});
