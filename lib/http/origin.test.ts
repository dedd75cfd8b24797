import { describe, expect, test } from 'vitest';
import { requireOrigin } from './origin.ts';

function allowed(publicUrl: string, origin: string | null): boolean {
  const headers: Record<string, string> = origin === null ? {} : { origin };
  try {
    requireOrigin(new Request(`${publicUrl}/api`, { method: 'POST', headers }), publicUrl);
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: 'request.origin_refused', status: 403 });
    return false;
  }
}

describe('the origin of a change', () => {
  test.each([
    ['https://deck.example.com', 'https://deck.example.com'],
    ['https://deck.example.com/', 'https://deck.example.com'],
    ['https://deck.example.com:8443', 'https://deck.example.com:8443'],
    ['http://localhost:3000', 'http://localhost:3000'],
    ['http://localhost:3000', 'http://127.0.0.1:3000'],
    ['http://localhost:3000', 'http://[::1]:3000'],
    ['http://127.0.0.1:3000', 'http://localhost:3000'],
  ])('%s takes %s', (publicUrl, origin) => {
    expect(allowed(publicUrl, origin)).toBe(true);
  });

  test.each([
    ['https://deck.example.com', null],
    ['https://deck.example.com', ''],
    ['https://deck.example.com', 'null'],
    ['https://deck.example.com', 'http://deck.example.com'],
    ['https://deck.example.com', 'https://deck.example.com:8443'],
    ['https://deck.example.com', 'https://deck.example.com.evil.example'],
    ['https://deck.example.com', 'https://evil.example'],
    ['https://deck.example.com', 'http://localhost'],
    ['http://localhost:3000', 'http://localhost:3001'],
    ['http://localhost:3000', 'https://localhost:3000'],
    ['http://localhost:3000', 'http://localhost.evil.example:3000'],
    ['http://localhost:3000', 'http://127.0.0.1.evil.example:3000'],
    ['http://localhost:3000', 'http://192.168.0.1:3000'],
    ['http://localhost:3000', 'null'],
  ])('%s refuses %s', (publicUrl, origin) => {
    expect(allowed(publicUrl, origin)).toBe(false);
  });
});
