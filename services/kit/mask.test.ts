import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMasker, isCardNumber, MASKED } from './mask.ts';

const mask = createMasker();

describe('masking by key', () => {
  it.each([
    'password',
    'userPassword',
    'PASSWD',
    'token',
    'accessToken',
    'access_token',
    'authorization',
    'Authorization',
    'cookie',
    'set-cookie',
    'apiKey',
    'api_key',
    'x-api-key',
    'clientSecret',
    'cardNumber',
    'card_number',
    'cvv',
    'pan',
    'privateKey',
    'REGISTRY_TOKEN',
    'GATEWAY_API_KEY',
  ])('hides the value of %s', (key) => {
    expect(mask({ [key]: 'a value' })).toEqual({ [key]: MASKED });
  });

  it.each(['author', 'span_id', 'trace_id', 'correlation_id', 'panel', 'company', 'path', 'passed', 'tokens_used'])(
    'leaves %s alone',
    (key) => {
      expect(mask({ [key]: 'a value' })).toEqual({ [key]: 'a value' });
    },
  );

  it('reaches into objects and arrays, and hides objects below a secret key', () => {
    expect(mask({ a: [{ b: { password: 'x' } }, 1, null], credentials: { user: 'u' } })).toEqual({
      a: [{ b: { password: MASKED } }, 1, null],
      credentials: MASKED,
    });
  });
});

describe('masking within strings', () => {
  it.each([
    ['Authorization: Bearer abc.def-123456', 'abc.def'],
    ['sent Basic dXNlcjpwYXNz to it', 'dXNlcjpwYXNz'],
    ['jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.sig_nature here', 'eyJhbGci'],
    ['postgres://order:hunter2@127.0.0.1/fleet is away', 'hunter2'],
    ['GET /x?password=hunter2&page=2', 'hunter2'],
    ['GET /x?api_key%3Dhunter2', 'hunter2'],
    ['body {"user":"u","password":"hunter2"}', 'hunter2'],
    ['body {\\"password\\":\\"hunter2\\"}', 'hunter2'],
    ['token: hunter2', 'hunter2'],
    ['card 4111 1111 1111 1111 declined', '1111'],
    ['card 4111-1111-1111-1111 declined', '1111'],
    ['card 378282246310005 declined', '378282246310005'],
    ['bearer%20abcdefgh12345', 'abcdefgh'],
  ])('%s', (text, hidden) => {
    const masked = mask(text);
    expect(masked).not.toContain(hidden);
    expect(masked).toContain(MASKED);
  });

  it('keeps what only resembles a secret', () => {
    for (const text of [
      'order 0199c5d2-1234-7abc-9def-0123456789ab took 12 ms',
      'trace 4bf92f3577b34da6a3ce929d0e0e4736',
      'at 1763712000123',
      'at 1763712000123456789',
      'card 4111 1111 1111 1112 has a wrong check digit',
      'http://127.0.0.1:8080/products?q=token',
    ]) {
      expect(mask(text)).toBe(text);
    }
  });

  it('hides card numbers that came as numbers', () => {
    expect(mask({ n: 4111111111111111, at: 1763712000123 })).toEqual({ n: MASKED, at: 1763712000123 });
  });
});

describe('masking of known values', () => {
  it('hides a known secret in plain, URL and base64 form', () => {
    const known = createMasker(['s3cr3t/value+']);
    for (const form of ['s3cr3t/value+', encodeURIComponent('s3cr3t/value+'), btoa('s3cr3t/value+')]) {
      expect(known(`x ${form} y`)).toBe(`x ${MASKED} y`);
    }
  });

  it('never lets a known secret through, wherever it sits', () => {
    const secret = 'Zx9-secret-value';
    const known = createMasker([secret]);
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.string(), fc.string(), (value, before, after) => {
        const line = JSON.stringify(known({ value, text: before + secret + after, list: [[secret]] }));
        return !line.includes(secret);
      }),
    );
  });

  it('is stable: masking twice changes nothing more', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const once = mask(value);
        expect(mask(once)).toEqual(once);
      }),
    );
  });
});

describe('isCardNumber', () => {
  it.each([
    ['4111111111111111', true],
    ['5555555555554444', true],
    ['2223003122003222', true],
    ['378282246310005', true],
    ['6011111111111117', true],
    ['3530111333300000', true],
    ['30569309025904', true],
    ['4222222222222', true],
    ['4111111111111112', false],
    ['1763712000123', false],
    ['411111111111', false],
  ])('%s is %s', (digits, expected) => {
    expect(isCardNumber(digits)).toBe(expected);
  });
});
