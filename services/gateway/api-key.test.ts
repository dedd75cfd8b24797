import { expect, it } from 'vitest';
import { loadConfig } from '#kit/config.ts';
import { clientOf, parseApiKeys } from './api-key.ts';
import { gatewayShape } from './config.ts';

const known = parseApiKeys('web:key-of-web-0123456789, app:key:with:colons-0123');

it.each([
  ['key-of-web-0123456789', 'web'],
  ['key:with:colons-0123', 'app'],
  ['key-of-web-012345678', undefined],
  ['', undefined],
  ['web', undefined],
])('the key %j belongs to %j', (given, client) => {
  expect(clientOf(known, given)).toBe(client);
});

it.each(['web', 'web:short', ':key-of-web-0123456789', 'web:key-of-web-0123456789,app'])(
  'the list %j is refused without being repeated',
  (list) => {
    expect(() => loadConfig(gatewayShape, { GATEWAY_API_KEYS: list })).toThrow(
      /GATEWAY_API_KEYS (is|has)(?!.*key-of-web)/,
    );
  },
);
