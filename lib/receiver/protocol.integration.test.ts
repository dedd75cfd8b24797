import { randomBytes } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { gzipSync } from 'node:zlib';
import { fromBinary } from '@bufbuild/protobuf';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StatusSchema } from '#lib/adapters/otlp/generated/google/rpc/status_pb.js';
import { ExportLogsServiceResponseSchema } from '#lib/adapters/otlp/generated/opentelemetry/proto/collector/logs/v1/logs_service_pb.js';
import { ExportTraceServiceResponseSchema } from '#lib/adapters/otlp/generated/opentelemetry/proto/collector/trace/v1/trace_service_pb.js';
import type { Receiver } from './receiver.ts';
import { logsBody, post, type SpanInit, span, tracesBody } from './testing/bodies.ts';
import { createTelemetryDatabase, startTestReceiver, type TestDatabase } from './testing/setup.ts';

const maxBodyBytes = 1024 * 1024;
const hourNs = 3_600_000_000_000n;
let database: TestDatabase;
let receiver: Receiver;
let traces: string;
let logs: string;

beforeAll(async () => {
  database = await createTelemetryDatabase();
  receiver = await startTestReceiver(database.url, { maxBodyBytes });
  traces = `${receiver.url}/v1/traces`;
  logs = `${receiver.url}/v1/logs`;
});

afterAll(async () => {
  await receiver?.close();
  await database?.drop();
});

async function bytes(response: Response): Promise<Uint8Array> {
  return new Uint8Array(await response.arrayBuffer());
}

async function partialSuccess(response: Response) {
  expect(response.status).toBe(200);
  return fromBinary(ExportTraceServiceResponseSchema, await bytes(response)).partialSuccess;
}

async function stored(traceId: Uint8Array): Promise<number> {
  const rows = await database.query<{ n: number }>(
    'SELECT count(*)::int AS n FROM telemetry.span WHERE trace_id = $1',
    [Buffer.from(traceId)],
  );
  return rows[0]?.n ?? 0;
}

function idOf(init: SpanInit): Uint8Array {
  return init.traceId as Uint8Array;
}

describe('a request that is fully kept', () => {
  it('is answered in the encoding it came in, with partial_success unset', async () => {
    const protobuf = await post(traces, tracesBody(span()));
    expect(protobuf.headers.get('content-type')).toBe('application/x-protobuf');
    expect(await bytes(protobuf)).toHaveLength(0);
    const json = await post(traces, '{"resourceSpans":[]}', { 'content-type': 'application/json; charset=utf-8' });
    expect(json.headers.get('content-type')).toBe('application/json');
    expect(await json.json()).toEqual({});
  });

  it('may be empty', async () => {
    expect((await post(traces, new Uint8Array())).status).toBe(200);
    expect((await post(logs, new Uint8Array())).status).toBe(200);
    expect((await post(logs, '{}', { 'content-type': 'application/json' })).status).toBe(200);
  });

  it('is kept once when it is sent again, alone, at once and beside new spans', async () => {
    const first = span();
    const second = span({ traceId: idOf(first) });
    await Promise.all([1, 2, 3, 4].map(() => post(traces, tracesBody(first))));
    expect(await partialSuccess(await post(traces, tracesBody(first, second, first)))).toBeUndefined();
    expect(await stored(idOf(first))).toBe(2);
  });

  it('keeps a log record once when it is sent again, and equal records within a request apart', async () => {
    const record = {
      timeUnixNano: BigInt(Date.now()) * 1_000_000n,
      body: { value: { case: 'stringValue' as const, value: 'twice' } },
    };
    for (let attempt = 0; attempt < 3; attempt++) expect((await post(logs, logsBody(record, record))).status).toBe(200);
    expect(await database.query("SELECT FROM telemetry.log_record WHERE body = 'twice'")).toHaveLength(2);
  });
});

describe('JSON', () => {
  const times = {
    startTimeUnixNano: `${BigInt(Date.now()) * 1_000_000n + 123n}`,
    endTimeUnixNano: `${BigInt(Date.now()) * 1_000_000n + 456n}`,
  };
  const send = (text: string) => post(traces, text, { 'content-type': 'application/json' });
  const wrap = (spans: string) => `{"resourceSpans":[{"scopeSpans":[{"spans":[${spans}]}]}]}`;

  it('keeps numeric nanoseconds and 64-bit integers exact', async () => {
    const traceId = randomBytes(16);
    const text = `{"traceId":"${traceId.toString('hex').toUpperCase()}","spanId":"00000000000000AB","name":"n","futureField":{"x":1},
      "startTimeUnixNano":${times.startTimeUnixNano},"endTimeUnixNano" : ${times.endTimeUnixNano},"kind":2,
      "attributes":[{"key":"big","value":{"intValue":9007199254740993}},
                    {"key":"text","value":{"stringValue":"\\"intValue\\":9007199254740993, traceId"}}]}`;
    expect((await send(wrap(text))).status).toBe(200);
    const rows = await database.query(
      `SELECT start_ns::text, duration_ns::text, encode(span_id, 'hex') AS span_id, attributes ->> 'big' AS big,
              attributes ->> 'text' AS text FROM telemetry.span WHERE trace_id = $1`,
      [traceId],
    );
    expect(rows).toEqual([
      {
        start_ns: times.startTimeUnixNano,
        duration_ns: `${BigInt(times.endTimeUnixNano) - BigInt(times.startTimeUnixNano)}`,
        span_id: '00000000000000ab',
        big: '9007199254740993',
        text: '"intValue":9007199254740993, traceId',
      },
    ]);
  });

  it.each([
    ['nothing', ''],
    ['half a body', '{"resourceSpans":[{'],
    ['an array', '[]'],
    ['a wrong level', '{"resourceSpans":{}}'],
    ['a wrong item', '{"resourceSpans":[7]}'],
    ['a wrong type', wrap('{"name":7}')],
    ['an id that is not hexadecimal', wrap('{"traceId":"zz"}')],
    ['an id in base64', wrap('{"traceId":"EREREREREREREREREREREQ=="}')],
    ['a negative time', wrap('{"startTimeUnixNano":-5}')],
    ['no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d])],
    [
      'deep nesting',
      wrap(`{"attributes":[{"key":"a","value":${'{"arrayValue":{"values":['.repeat(20_000)}${']}}'.repeat(20_000)}}]}`),
    ],
  ])('%s is answered 400 with a google.rpc.Status', async (_what, body) => {
    const response = await post(traces, body as BodyInit, { 'content-type': 'application/json' });
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toMatchObject({ code: 3, message: expect.any(String) });
  });

  it('names where it is wrong', async () => {
    const response = await send(wrap('{},{"links":[{"spanId":"xyz1"}]}'));
    const status = (await response.json()) as { message: string };
    expect(status.message).toBe('resourceSpans[0].scopeSpans[0].spans[1].links[0].spanId is not a hexadecimal string');
  });
});

describe('what cannot be decoded', () => {
  it.each([
    ['random bytes', Buffer.from('ffffffffffffffff', 'hex')],
    ['half a message', tracesBody(span()).slice(0, -7)],
    ['JSON sent as protobuf', Buffer.from('{"resourceSpans":[]}')],
    ['a string that is not UTF-8', Buffer.from('0a0812061204 2a02fffe'.replace(' ', ''), 'hex')],
  ])('%s is answered 400 with a google.rpc.Status', async (_what, body) => {
    const response = await post(traces, new Uint8Array(body));
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/x-protobuf');
    expect(fromBinary(StatusSchema, await bytes(response))).toMatchObject({
      code: 3,
      message: expect.stringMatching(/\w/),
    });
  });

  it('is not gzip although it says so', async () => {
    expect((await post(traces, 'not gzip', { 'content-encoding': 'gzip' })).status).toBe(400);
    const cut = gzipSync(tracesBody(span())).subarray(0, -10);
    expect((await post(traces, new Uint8Array(cut), { 'content-encoding': 'gzip' })).status).toBe(400);
  });

  it('never ends in a 5xx, whatever the bytes', async () => {
    const good = tracesBody(span(), span());
    for (let round = 0; round < 150; round++) {
      const body = round % 2 === 0 ? new Uint8Array(randomBytes(round * 3)) : good.slice();
      if (round % 2 === 1) for (const at of randomBytes(4)) body[at % body.length] = at;
      expect((await post(round % 4 < 2 ? traces : logs, body)).status).toBeLessThan(500);
    }
  });
});

describe('spans that cannot be kept', () => {
  const now = BigInt(Date.now()) * 1_000_000n;
  it.each<[string, SpanInit]>([
    ['a short trace id', { traceId: new Uint8Array([1, 2, 3]) }],
    ['a long trace id', { traceId: new Uint8Array(17).fill(1) }],
    ['no trace id', { traceId: new Uint8Array() }],
    ['a trace id of zeros', { traceId: new Uint8Array(16) }],
    ['a short span id', { spanId: new Uint8Array([1]) }],
    ['a span id of zeros', { spanId: new Uint8Array(8) }],
    ['a parent of the wrong length', { parentSpanId: new Uint8Array(5).fill(1) }],
    ['a negative duration', { startTimeUnixNano: now, endTimeUnixNano: now - 1n }],
    ['no end', { startTimeUnixNano: now, endTimeUnixNano: 0n }],
    ['the year 1970', { startTimeUnixNano: 0n, endTimeUnixNano: 5n }],
    ['the year 2200', { startTimeUnixNano: 7_258_118_400_000_000_000n, endTimeUnixNano: 7_258_118_400_000_000_001n }],
    ['an end in the year 2200', { endTimeUnixNano: 7_258_118_400_000_000_000n }],
    ['the largest time', { startTimeUnixNano: 2n ** 64n - 2n, endTimeUnixNano: 2n ** 64n - 1n }],
    ['a start two days ago', { startTimeUnixNano: now - 48n * hourNs, endTimeUnixNano: now - 48n * hourNs }],
  ])('%s: refused alone, with a reason, and the others are kept', async (_what, wrong) => {
    const good = span();
    const partial = await partialSuccess(await post(traces, tracesBody(span(wrong), good)));
    expect(partial?.rejectedSpans).toBe(1n);
    expect(partial?.errorMessage).toMatch(/^1: \w/);
    expect(await stored(idOf(good))).toBe(1);
  });

  it('are counted by reason', async () => {
    const short = { traceId: new Uint8Array(3) };
    const response = await post(traces, tracesBody(span(short), span(short), span({ spanId: new Uint8Array(8) })));
    expect((await partialSuccess(response))?.errorMessage).toBe(
      '2: trace_id must be 16 bytes that are not all zero; 1: span_id must be 8 bytes that are not all zero',
    );
    const metrics = await (await fetch(`${receiver.url}/metrics`)).text();
    expect(metrics).toMatch(/quarterdeck_receiver_items_rejected_total\{.*reason="trace_id must be 16 bytes/);
  });

  it('are no reason to refuse the odd ones: hours-old spans, instant spans, unknown kinds, NUL, large numbers', async () => {
    const text = (value: string) => ({ value: { case: 'stringValue' as const, value } });
    const old = span({ startTimeUnixNano: now - 5n * hourNs, endTimeUnixNano: now });
    const odd = span({
      startTimeUnixNano: now,
      endTimeUnixNano: now,
      name: 'a\0b',
      kind: 99 as never,
      flags: 0xffffffff,
      droppedAttributesCount: 0xffffffff,
      parentSpanId: new Uint8Array(8),
      traceState: 'x=\0',
      status: { code: 77 as never, message: '\0' },
      attributes: [
        { key: 'nul\0', value: text('a\0b') },
        { key: 'escape', value: text('\\u0000 "quoted" {braces}, NULL') },
        { key: 'int', value: { value: { case: 'intValue', value: -(2n ** 63n) } } },
        { key: 'nan', value: { value: { case: 'doubleValue', value: Number.NaN } } },
        { key: 'huge', value: { value: { case: 'doubleValue', value: 1e308 } } },
        { key: 'bytes', value: { value: { case: 'bytesValue', value: new Uint8Array([1, 2]) } } },
        { key: 'map', value: { value: { case: 'kvlistValue', value: { values: [{ key: 'k', value: text('v') }] } } } },
        { key: 'unset' },
      ],
    });
    expect(await partialSuccess(await post(traces, tracesBody(old, odd)))).toBeUndefined();
    const [row] = await database.query(
      'SELECT name, kind, status, parent_span_id, attributes FROM telemetry.span WHERE trace_id = $1',
      [Buffer.from(idOf(odd))],
    );
    expect(row).toMatchObject({
      name: 'a\uFFFDb',
      kind: 0,
      status: 0,
      parent_span_id: null,
      attributes: {
        'nul\uFFFD': 'a\uFFFDb',
        escape: '\\u0000 "quoted" {braces}, NULL',
        nan: 'NaN',
        bytes: 'AQI=',
        map: { k: 'v' },
        unset: null,
      },
    });
    expect(await stored(idOf(old))).toBe(1);
  });

  it('leaves ids of the wrong length out of log records and says so', async () => {
    const response = await post(
      logs,
      logsBody({
        timeUnixNano: now,
        traceId: new Uint8Array(3),
        body: { value: { case: 'stringValue', value: 'no ids' } },
      }),
    );
    const partial = fromBinary(ExportLogsServiceResponseSchema, await bytes(response)).partialSuccess;
    expect(partial).toMatchObject({
      rejectedLogRecords: 0n,
      errorMessage: expect.stringMatching(/ids of the wrong length/),
    });
    expect(await database.query("SELECT trace_id FROM telemetry.log_record WHERE body = 'no ids'")).toEqual([
      { trace_id: null },
    ]);
  });
});

describe('limits', () => {
  it('answers 413 to a body that is announced too large, without reading it', async () => {
    const response = await post(traces, new Uint8Array(maxBodyBytes + 1));
    expect(response.status).toBe(413);
    expect(fromBinary(StatusSchema, await bytes(response)).message).toMatch(/larger than 1048576 bytes/);
  });

  it('answers 413 to a body that turns out too large', async () => {
    const status = await new Promise<number>((resolve, reject) => {
      const request = httpRequest(
        traces,
        { method: 'POST', headers: { 'content-type': 'application/x-protobuf' } },
        (answer) => {
          answer.resume();
          resolve(answer.statusCode ?? 0);
        },
      );
      request.on('error', reject);
      for (let sent = 0; sent <= maxBodyBytes + 65_536; sent += 65_536) request.write(Buffer.alloc(65_536));
      request.end();
    });
    expect(status).toBe(413);
  });

  it('answers 413 to a gzip bomb, in little memory', async () => {
    const bomb = gzipSync(Buffer.alloc(512 * 1024 * 1024));
    const before = process.memoryUsage().rss;
    const response = await post(traces, new Uint8Array(bomb), { 'content-encoding': 'gzip' });
    expect(response.status).toBe(413);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  });

  it('takes a body of nearly the limit', async () => {
    const padding = { value: { case: 'stringValue' as const, value: 'x'.repeat(maxBodyBytes - 1_024) } };
    const large = span({ attributes: [{ key: 'padding', value: padding }] });
    expect((await post(traces, tracesBody(large))).status).toBe(200);
    expect(await stored(idOf(large))).toBe(1);
  });
});

describe('the door', () => {
  it.each([
    ['text/plain', 415],
    ['application/octet-stream', 415],
    ['', 415],
  ])('content type "%s": %i', async (type, status) => {
    const response = await post(traces, new Uint8Array([1]), { 'content-type': type });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ message: expect.stringMatching(/content type/) });
  });

  it('answers 415 to compression that it does not know and says which it does', async () => {
    const response = await post(traces, new Uint8Array(), { 'content-encoding': 'br' });
    expect(response.status).toBe(415);
    expect(response.headers.get('accept-encoding')).toBe('gzip, identity');
  });

  it('answers 404 to metrics with a status that says why, which is not retried', async () => {
    const response = await post(`${receiver.url}/v1/metrics`, new Uint8Array());
    expect(response.status).toBe(404);
    expect(fromBinary(StatusSchema, await bytes(response))).toMatchObject({
      code: 5,
      message: expect.stringMatching(/metrics/),
    });
  });

  it('answers 405 to a GET and 404 elsewhere', async () => {
    const get = await fetch(traces);
    expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST']);
    expect((await fetch(`${receiver.url}/nothing`)).status).toBe(404);
    expect((await fetch(`${receiver.url}/v1/tracesx`)).status).toBe(404);
  });

  it('asks for its token when it has one', async () => {
    const guarded = await startTestReceiver(database.url, { token: 'a-token-of-length' });
    try {
      const url = `${guarded.url}/v1/traces`;
      const without = await post(url, tracesBody(span()));
      expect([without.status, without.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
      expect((await post(url, tracesBody(span()), { authorization: 'Bearer wrong' })).status).toBe(401);
      expect((await post(url, tracesBody(span()), { authorization: 'Bearer a-token-of-length' })).status).toBe(200);
      expect((await fetch(`${guarded.url}/healthz`)).status).toBe(200);
    } finally {
      await guarded.close();
    }
  });

  it('refuses with 429 and Retry-After when more waits than may wait, and recovers', async () => {
    const small = await startTestReceiver(database.url, { maxQueueBytes: 1024 * 1024, maxBodyBytes: 1024 * 1024 });
    try {
      const bodies = Array.from({ length: 24 }, () => {
        const padding = { value: { case: 'stringValue' as const, value: 'x'.repeat(200_000) } };
        return tracesBody(span({ attributes: [{ key: 'padding', value: padding }] }));
      });
      const answers = await Promise.all(bodies.map((body) => post(`${small.url}/v1/traces`, body)));
      const statuses = new Set(answers.map(({ status }) => status));
      expect(statuses).toEqual(new Set([200, 429]));
      expect(answers.find(({ status }) => status === 429)?.headers.get('retry-after')).toBe('2');
      expect((await post(`${small.url}/v1/traces`, tracesBody(span()))).status).toBe(200);
      const metrics = await (await fetch(`${small.url}/metrics`)).text();
      expect(metrics).toMatch(/quarterdeck_receiver_queue_bytes\{.*\} 0\n/);
      expect(metrics).toMatch(/quarterdeck_receiver_requests_refused_total\{.*reason="queue_full".*\} \d/);
    } finally {
      await small.close();
    }
  });

  it('refuses with 429 while what was sent before has waited for long, and loses nothing of it', async () => {
    const small = await startTestReceiver(database.url, { maxQueueBytes: 1024 * 1024, maxBodyBytes: 1024 * 1024 });
    const holder = new Client({ connectionString: database.url });
    await holder.connect();
    try {
      await holder.query('BEGIN');
      await holder.query('LOCK TABLE telemetry.span IN ACCESS EXCLUSIVE MODE');
      const padding = { value: { case: 'stringValue' as const, value: 'x'.repeat(100_000) } };
      const send = () =>
        post(`${small.url}/v1/traces`, tracesBody(span({ attributes: [{ key: 'padding', value: padding }] })));
      const first = Array.from({ length: 8 }, send);
      await new Promise((resolve) => setTimeout(resolve, 4_500));
      const refused = await send();
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '2']);
      await holder.query('ROLLBACK');
      expect((await Promise.all(first)).map(({ status }) => status)).toEqual(new Array(8).fill(200));
      expect((await send()).status).toBe(200);
      const metrics = await (await fetch(`${small.url}/metrics`)).text();
      expect(metrics).toMatch(/quarterdeck_receiver_requests_refused_total\{.*reason="queue_slow".*\} 1\n/);
    } finally {
      await holder.end();
      await small.close();
    }
  });
});
