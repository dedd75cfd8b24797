import { describe, expect, it } from 'vitest';
import { environmentQuery, rangeQuery, resolveRange, serviceParams } from './params.ts';

const nowMs = Date.UTC(2026, 10, 21, 14, 30);
const resolve = (query: Record<string, string>) => resolveRange(rangeQuery.parse(query), nowMs);

describe('a range in an address', () => {
  it('is the last hour where nothing is said', () => {
    expect(resolve({})).toEqual({ fromMs: nowMs - 3_600_000, toMs: nowMs, widthPx: 600 });
  });
  it('is relative or absolute', () => {
    expect(resolve({ from: 'now-6h', to: 'now-1h', width: '320' })).toEqual({
      fromMs: nowMs - 6 * 3_600_000,
      toMs: nowMs - 3_600_000,
      widthPx: 320,
    });
    expect(resolve({ from: '2026-11-20T00:00:00Z', to: '2026-11-21T00:00:00Z' }).fromMs).toBe(Date.UTC(2026, 10, 20));
  });
  it('does not reach into the future', () => {
    expect(resolve({ to: '2026-12-01T00:00:00Z' }).toMs).toBe(nowMs);
  });
  it.each([
    [{ from: 'now', to: 'now-1h' }, 'from'],
    [{ from: '2030-01-01T00:00:00Z' }, 'from'],
    [{ from: '2001-01-01T00:00:00Z' }, 'from'],
  ])('%j names the field', (query, path) => {
    try {
      resolve(query);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ status: 400, errors: [expect.objectContaining({ path })] });
    }
  });
  it.each([
    { from: 'yesterday' },
    { width: '0' },
    { width: 'wide' },
    { env: "x'; DROP TABLE" },
    { env: '<script>' },
    { env: '' },
  ])('%j is refused', (query) => expect(rangeQuery.safeParse(query).success).toBe(false));
});

it('takes names of services as people give them, but no control characters', () => {
  expect(serviceParams.safeParse({ service: 'shop/order-2 (blue)' }).success).toBe(true);
  expect(serviceParams.safeParse({ service: 'a\nb' }).success).toBe(false);
  expect(environmentQuery.parse({})).toEqual({});
});
