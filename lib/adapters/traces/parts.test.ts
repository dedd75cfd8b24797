import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseExact } from './embedded/json.ts';
import { slicesBackwards } from './embedded/slices.ts';
import { endpointOf } from './http.ts';
import { idOfBytes, normaliseSpanId, normaliseTraceId } from './ids.ts';
import { namesOf } from './semconv.ts';
import { Limiter } from './waiting.ts';
import { TraceCache } from './whole/cache.ts';
import type { WholeTrace } from './whole/whole.ts';

describe('ids', () => {
  test('are padded on the left and in lower case', () => {
    expect(normaliseTraceId('ABC')).toBe('abc'.padStart(32, '0'));
    expect(normaliseSpanId(' 00f067aa0ba902b7 ')).toBe('00f067aa0ba902b7');
    expect(idOfBytes(new Uint8Array([1, 255]), 16)).toBe('00000000000001ff');
  });

  test('that cannot be are null', () => {
    for (const text of ['', '0', '0'.repeat(32), 'g', '1'.repeat(33), 'a b', '0x1', '-1']) {
      expect(normaliseTraceId(text)).toBeNull();
    }
    expect(idOfBytes(new Uint8Array(17), 32)).toBeNull();
    expect(idOfBytes(new Uint8Array(), 16)).toBeNull();
  });
});

test('attributes are known by their old and their new names, the one asked for first', () => {
  expect(namesOf('http.status_code')).toEqual(['http.status_code', 'http.response.status_code']);
  expect(namesOf('db.system.name')).toEqual(['db.system.name', 'db.system']);
  expect(namesOf('own.key')).toEqual(['own.key']);
});

test('whole numbers beyond a double stay exact', () => {
  expect(parseExact('{"a":9007199254740993,"b":[-9223372036854775808,1],"c":1.5e300,"d":"9007199254740993"}')).toEqual({
    a: '9007199254740993',
    b: ['-9223372036854775808', 1],
    c: 1.5e300,
    d: '9007199254740993',
  });
});

describe('slices', () => {
  test('cover the range once, from its end, however long each takes', () => {
    const ns = fc.bigInt({ min: 0n, max: 10n ** 15n });
    fc.assert(
      fc.property(ns, ns, fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 1 }), (fromNs, length, times) => {
        let end = fromNs + length;
        let count = 0;
        for (const { slice, took } of slicesBackwards({ fromNs, toNs: fromNs + length })) {
          expect(slice.toNs).toBe(end);
          expect(slice.fromNs).toBeLessThan(slice.toNs);
          end = slice.fromNs;
          took(times[count % times.length] as number);
          count += 1;
          if (count > 50) return;
        }
        expect(end).toBe(fromNs);
      }),
    );
  });

  test('a day takes a handful of quick steps', () => {
    let count = 0;
    for (const { took } of slicesBackwards({ fromNs: 0n, toNs: 86_400_000_000_000n })) {
      took(5);
      count += 1;
    }
    expect(count).toBeLessThan(7);
  });
});

describe('traces fetched a moment ago', () => {
  const trace = (traceId: string, weight: number): WholeTrace => ({
    traceId,
    spans: [],
    partial: false,
    warnings: [],
    weight,
  });

  test('are fetched once, also when asked for at the same time', async () => {
    const cache = new TraceCache();
    let fetched = 0;
    const fetch = async () => {
      fetched += 1;
      await new Promise((resolve) => setTimeout(resolve, 5));
      return trace('a', 10);
    };
    await Promise.all([cache.of('a', fetch), cache.of('a', fetch)]);
    await cache.of('a', fetch);
    expect(fetched).toBe(1);
  });

  test('that failed or are not there are asked for again', async () => {
    const cache = new TraceCache();
    await expect(cache.of('a', () => Promise.reject(new Error('down')))).rejects.toThrow('down');
    expect(await cache.of('a', async () => null)).toBeNull();
    expect(await cache.of('a', async () => trace('a', 1))).not.toBeNull();
  });

  test('grow old, and make room', async () => {
    let now = 0;
    const cache = new TraceCache({ maxBytes: 100, ttlMs: 1_000, now: () => now });
    const none = async () => null;
    cache.keep(trace('a', 60));
    cache.keep(trace('b', 60));
    expect(cache.bytes).toBe(60);
    expect(await cache.of('a', none)).toBeNull();
    expect(await cache.of('b', none)).not.toBeNull();
    cache.keep(trace('huge', 1_000));
    expect(await cache.of('huge', none)).not.toBeNull();
    expect(cache.bytes).toBe(1_000);
    now = 1_000;
    expect(await cache.of('huge', none)).toBeNull();
  });
});

test('a limiter lets so many run, and goes on after one that fails', async () => {
  const limiter = new Limiter(2);
  let running = 0;
  let most = 0;
  const work = async (index: number) => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setTimeout(resolve, 2));
    running -= 1;
    if (index === 1) throw new Error('one fails');
    return index;
  };
  const all = await Promise.allSettled(Array.from({ length: 7 }, (_, index) => limiter.run(() => work(index))));
  expect(most).toBe(2);
  expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(6);
});

test('user and password of an address become a header, and leave the address', () => {
  const endpoint = endpointOf('shop', 'https://ann:p%40ss@tempo.example:3200/base/?x=1#y', { timeoutMs: 1 });
  expect(endpoint.url).toBe('https://tempo.example:3200/base');
  expect(endpoint.headers).toEqual({ authorization: `Basic ${Buffer.from('ann:p@ss').toString('base64')}` });
});
