import { afterEach, describe, expect, it } from 'vitest';
import type { DecodeJob } from './decode/job.ts';
import { type Decoder, startDecoder, WaitedTooLongError } from './decoder.ts';
import { span, tracesBody } from './testing/bodies.ts';

let decoder: Decoder | undefined;

afterEach(() => decoder?.close());

function job(body: Uint8Array, overrides: Partial<DecodeJob> = {}): DecodeJob {
  return {
    signal: 'traces',
    encoding: 'application/x-protobuf',
    gzip: false,
    body,
    maxBodyBytes: 64 * 1024 ** 2,
    oldestHour: 0,
    slowMs: 1_000,
    isHolding: false,
    ...overrides,
  };
}

describe('the decoding thread', () => {
  it('answers each body with its own rows', async () => {
    decoder = startDecoder();
    const bodies = [1, 2, 3, 4].map((count) => tracesBody(...Array.from({ length: count }, () => span())));
    const results = await Promise.all(bodies.map((body) => decoder?.decode(job(body))));
    expect(results.map((result) => result?.outcome === 'decoded' && result.decoded.rows)).toEqual([1, 2, 3, 4]);
  });

  it('gives up on bodies whose senders have given up, and goes on with the others', async () => {
    let hasRoom = false;
    decoder = startDecoder({ hasRoom: () => hasRoom, longestWaitMs: 200 });
    const old = decoder.decode(job(tracesBody(span())));
    const given = expect(old).rejects.toThrow(WaitedTooLongError);
    await new Promise((resolve) => setTimeout(resolve, 250));
    const fresh = decoder.decode(job(tracesBody(span())));
    hasRoom = true;
    decoder.wake();
    await given;
    expect(await fresh).toMatchObject({ outcome: 'decoded' });
  });

  it('says how long the next body has waited while there is no room for what it would leave', async () => {
    let hasRoom = false;
    decoder = startDecoder({ hasRoom: () => hasRoom });
    expect(decoder.waitedMs()).toBe(0);
    const waiting = decoder.decode(job(tracesBody(span())));
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(decoder.waitedMs()).toBeGreaterThanOrEqual(50);
    hasRoom = true;
    decoder.wake();
    expect(await waiting).toMatchObject({ outcome: 'decoded' });
    expect(decoder.waitedMs()).toBe(0);
  });

  it('fails on a body that is more than its heap takes, and goes on with the next', async () => {
    decoder = startDecoder({ maxHeapMegabytes: 24 });
    const large = Buffer.from(`{"resourceSpans":[${'{"a":{}},'.repeat(1_000_000)}{}]}`);
    const failed = decoder.decode(job(new Uint8Array(large), { encoding: 'application/json' }));
    const next = decoder.decode(job(tracesBody(span())));
    await expect(failed).rejects.toThrow(/memory/);
    expect(await next).toMatchObject({ outcome: 'decoded', decoded: { rows: 1 } });
  }, 60_000);

  it('waits with the next body while there is no room for its rows', async () => {
    let room = false;
    decoder = startDecoder({ hasRoom: () => room });
    let done = false;
    const waiting = decoder.decode(job(tracesBody(span()))).then(() => {
      done = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(done).toBe(false);
    room = true;
    decoder.wake();
    await waiting;
  });

  it('rejects what waits when it is closed', async () => {
    decoder = startDecoder();
    const waiting = decoder.decode(job(tracesBody(span())));
    await Promise.all([decoder.close(), expect(waiting).rejects.toThrow('closed')]);
  });
});
