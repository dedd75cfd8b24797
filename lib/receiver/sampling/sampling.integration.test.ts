import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { post, type SpanInit, span, tracesBody } from '../testing/bodies.ts';
import { startReceiverProcess } from '../testing/process.ts';
import { createTelemetryDatabase, startTestReceiver, type TestDatabase, until } from '../testing/setup.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTelemetryDatabase();
});

afterAll(() => database?.drop());

async function send(url: string, body: Uint8Array<ArrayBuffer>): Promise<void> {
  expect((await post(`${url}/v1/traces`, body)).status).toBe(200);
}

async function metric(url: string, line: string): Promise<number> {
  const exposed = await (await fetch(`${url}/metrics`)).text();
  const found = exposed.split('\n').find((text) => text.startsWith(`quarterdeck_receiver_${line}`));
  return Number(found?.split(' ').at(-1) ?? 0);
}

/** Sends so much that the ratio falls; returns how many spans it took. */
async function flood(url: string): Promise<number> {
  let sent = 0;
  await until(async () => {
    if (sent > 0 && (await metric(url, 'sampling_ratio')) < 0.05) return true;
    await send(url, tracesBody(...Array.from({ length: 500 }, () => span())));
    sent += 500;
    return false;
  });
  return sent;
}

async function stored(trace: SpanInit): Promise<{ name: string; sampled_ratio: number }[]> {
  return database.query('SELECT name, sampled_ratio FROM telemetry.span WHERE trace_id = $1 ORDER BY name', [
    Buffer.from(trace.traceId as Uint8Array),
  ]);
}

async function counts() {
  const [row] = await database.query<Record<'received' | 'kept' | 'spans' | 'undecided' | 'least', string>>(
    `SELECT coalesce(sum(received), 0) AS received, coalesce(sum(kept), 0) AS kept, min(least_ratio) AS least,
       (SELECT count(*) FROM telemetry.span) AS spans, (SELECT count(*) FROM telemetry.undecided) AS undecided
     FROM telemetry.sampling`,
  );
  return Object.fromEntries(Object.entries(row ?? {}).map(([name, value]) => [name, Number(value)]));
}

describe('below the rate that is kept', () => {
  it('stores everything directly, and says so', async () => {
    const receiver = await startTestReceiver(database.url);
    await send(receiver.url, tracesBody(span(), span(), span()));
    expect(await counts()).toEqual({ received: 3, kept: 3, spans: 3, undecided: 0, least: 1 });
    await receiver.close();
  });
});

describe('above it', () => {
  it('keeps a part and all errors, records the ratio, counts what is sent again once, and leaves nothing staged', async () => {
    const before = await counts();
    const receiver = await startTestReceiver(database.url, { keepSpansPerSecond: 1, decisionSeconds: 2 });
    const sent = await flood(receiver.url);
    const traceId = span().traceId as Uint8Array;
    const ok = span({ traceId, name: 'a, before the error' });
    const slow = span({ name: 'slow' });
    slow.startTimeUnixNano = (slow.endTimeUnixNano as bigint) - 1_000_000_000n;
    const rest = tracesBody(ok, slow, ...Array.from({ length: 198 }, () => span({ name: 'rest' })));
    await send(receiver.url, rest);
    await send(receiver.url, rest);
    expect(await stored(ok)).toEqual([]);
    expect(await stored(slow)).toEqual([{ name: 'slow', sampled_ratio: 1 }]);
    await send(receiver.url, tracesBody(span({ traceId, name: 'b, the error', status: { code: 2 } })));
    await send(receiver.url, tracesBody(span({ traceId, name: 'c, after it' })));
    const names = async () => (await stored(ok)).map(({ name }) => name);
    await until(async () => (await names()).length === 3);
    expect(await names()).toEqual(['a, before the error', 'b, the error', 'c, after it']);
    expect(new Set((await stored(ok)).map(({ sampled_ratio }) => sampled_ratio))).toEqual(new Set([1]));

    await until(async () => (await counts()).undecided === 0);
    const after = await counts();
    expect(after.received! - before.received!).toBe(sent + 202);
    expect(after.kept).toBe(after.spans);
    expect(after.least).toBeLessThan(0.05);
    const rests = await database.query<{ sampled_ratio: number }>(
      "SELECT sampled_ratio FROM telemetry.span WHERE name = 'rest'",
    );
    expect(rests.length).toBeLessThan(100);
    for (const { sampled_ratio } of rests) expect(sampled_ratio).toBeLessThan(0.05);
    expect(await metric(receiver.url, 'spans_kept_total{reason="slow"')).toBe(1);
    expect(await metric(receiver.url, 'spans_kept_total{reason="error"')).toBe(3);
    expect(await metric(receiver.url, 'spans_received_total')).toBe(sent + 202);
    await receiver.close();
  });
});

describe('killed while traces are undecided', () => {
  it('takes them up: what was promoted before and what is promoted after are kept whole', async () => {
    const env = { TELEMETRY_KEEP_SPANS_PER_SECOND: '1', TELEMETRY_DECISION_SECONDS: '5' };
    const first = await startReceiverProcess(database.url, env);
    await flood(first.url);
    const before = span({ name: 'a' });
    const after = span({ name: 'a' });
    const error = (of: SpanInit) => tracesBody(span({ traceId: of.traceId!, name: 'error', status: { code: 2 } }));
    await send(first.url, tracesBody(before, after, span({ name: 'neither' })));
    expect(await stored(before)).toEqual([]);
    await send(first.url, error(before));
    const exited = once(first.child, 'exit');
    first.child.kill('SIGKILL');
    await exited;
    expect((await counts()).undecided).toBeGreaterThan(0);
    expect(await stored(after)).toEqual([]);

    const second = await startReceiverProcess(database.url, env);
    try {
      await send(second.url, error(after));
      for (const trace of [before, after]) {
        await until(async () => (await stored(trace)).length === 2);
        expect(await stored(trace)).toEqual([
          { name: 'a', sampled_ratio: 1 },
          { name: 'error', sampled_ratio: 1 },
        ]);
      }
      await until(async () => (await counts()).undecided === 0, 20_000);
      const { kept, spans } = await counts();
      expect(kept).toBe(spans);
    } finally {
      const ended = once(second.child, 'exit');
      second.child.kill('SIGTERM');
      await ended;
    }
  });
});
