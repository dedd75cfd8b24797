import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createEmbeddedLogs, createLoki, setLogSources } from '#lib/adapters/logs/index.ts';
import { type FakeLoki, startFakeLoki } from '#lib/adapters/logs/testing/fake-loki.ts';
import { postLogs, type SentLine } from '#lib/adapters/logs/testing/otlp.ts';
import { makeToken, type TestToken } from '#lib/auth/testing/accounts.ts';
import { useTestDatabase } from '#lib/db/testing/database.ts';
import { api } from '#lib/main/api.ts';
import type { Receiver } from '#lib/receiver/index.ts';
import { startTestReceiver, until } from '#lib/receiver/testing/setup.ts';
import { downloadLogs } from './download-logs.ts';
import { logQueryOf } from './params.ts';
import type { LogContext, LogFacets, LogHistogram, LogLine, LogList, LogTailEvents, LogValues } from './schemas.ts';
import * as schemas from './schemas.ts';
import { tailLogs } from './tail-logs.ts';

vi.stubEnv('LOG_LEVEL', 'fatal');

const nowMs = Date.now();
const at = (agoMs: number) => BigInt(nowMs - agoMs) * 1_000_000n;
const traceId = 'c0ffee'.padStart(32, '0');

let done: () => Promise<void>;
let receiver: Receiver;
let fake: FakeLoki;
let embedded: ReturnType<typeof createEmbeddedLogs>;
let all: TestToken;
let orderOnly: TestToken;
let stagingOnly: TestToken;

const line = (agoMs: number, change: Partial<SentLine> = {}): SentLine => ({
  timeNs: at(agoMs),
  environment: 'production',
  service: 'order',
  instance: 'order-1',
  level: 'info',
  body: `line ${agoMs}`,
  ...change,
});
const send = (...lines: SentLine[]) => postLogs(`${receiver.url}/v1/logs`, lines);
const sendToLoki = (...lines: SentLine[]) => postLogs(`${fake.url}/otlp/v1/logs`, lines);

beforeAll(async () => {
  done = await useTestDatabase({ QD_PUBLIC_URL: 'http://localhost:3000', PROMETHEUS_URL: '', OTLP_URL: '' });
  const databaseUrl = process.env.DATABASE_URL ?? '';
  receiver = await startTestReceiver(databaseUrl);
  fake = await startFakeLoki();
  embedded = createEmbeddedLogs({ databaseUrl, defaultEnvironment: 'production', timeoutMs: 10_000, pollMs: 200 });
  const loki = createLoki({
    id: 'loki',
    name: 'Loki',
    url: fake.url,
    timeoutMs: 2_000,
    defaultEnvironment: 'production',
  });
  setLogSources([embedded, loki]);
  all = await makeToken('viewer');
  orderOnly = await makeToken('viewer', { scope: { services: ['order'] } });
  stagingOnly = await makeToken('viewer', { scope: { environments: ['staging'] } });
  const ours = Array.from({ length: 20 }, (_, i) => line(600_000 - i * 2_000, { attributes: { n: i } }));
  const theirs = Array.from({ length: 20 }, (_, i) =>
    line(600_000 - i * 2_000 - 1_000, { service: 'payment', level: 'error' }),
  );
  await send(...ours, line(300_000, { traceId, body: '=cmd|calc' }), line(200_000, { environment: 'staging' }));
  await sendToLoki(...theirs, line(300_500, { service: 'payment', traceId, body: 'of the trace' }));
});
afterAll(async () => {
  setLogSources(null);
  await Promise.all([embedded?.close(), fake?.close(), receiver?.close()]);
  await done();
});

async function ask(path: string, { headers = all.bearer }: { headers?: Record<string, string> } = {}) {
  const response = await api().request(`/api/v1${path}`, { headers });
  return { status: response.status, headers: response.headers, text: await response.text() };
}
async function get<T>(path: string, token = all): Promise<T> {
  const { status, text } = await ask(path, { headers: token.bearer });
  expect([path, status, status === 200 ? '' : text]).toEqual([path, 200, '']);
  return JSON.parse(text) as T;
}

describe('a search over two sources', () => {
  test('gives one list by time, page by page, each line once', async () => {
    const seen: LogLine[] = [];
    let cursor: string | null = null;
    let pages = 0;
    do {
      const page: LogList = await get(`/logs?limit=7${cursor ? `&cursor=${cursor}` : ''}`);
      expect(schemas.logList.safeParse(page).error).toBeUndefined();
      seen.push(...page.items);
      cursor = page.nextCursor;
      pages += 1;
    } while (cursor && pages < 20);
    expect(seen).toHaveLength(42);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(42);
    const times = seen.map(({ timeNs }) => BigInt(timeNs));
    expect(times).toEqual(times.toSorted((a, b) => (a > b ? -1 : 1)));
    expect(new Set(seen.map(({ source }) => source))).toEqual(new Set(['embedded', 'loki']));
  });

  test('keeps the range of its first page', async () => {
    const first: LogList = await get('/logs?limit=1');
    const second: LogList = await get(`/logs?limit=1&from=now-5m&cursor=${first.nextCursor}`);
    expect([second.from, second.to]).toEqual([first.from, first.to]);
  });

  test('asks one of them by name', async () => {
    const { items, sources } = await get<LogList>('/logs?source=loki&limit=500');
    expect([items.length, sources.map(({ id }) => id)]).toEqual([21, ['loki']]);
    expect(await ask('/logs?source=nobody')).toMatchObject({
      status: 404,
      text: expect.stringContaining('source.unknown'),
    });
  });

  test('finds the lines of a trace in both, oldest first', async () => {
    const { items } = await get<LogList>(`/logs?trace=c0ffee&order=oldest`);
    expect(items.map(({ body, source }) => [source, body])).toEqual([
      ['loki', 'of the trace'],
      ['embedded', '=cmd|calc'],
    ]);
  });

  test('counts by level as many as it lists', async () => {
    const histogram = await get<LogHistogram>('/logs/histogram?buckets=30');
    expect(schemas.logHistogram.safeParse(histogram).error).toBeUndefined();
    const sum = (level: string) => histogram.counts[level]?.reduce((a, b) => a + b, 0);
    expect([histogram.total, sum('info'), sum('error'), histogram.exact]).toEqual([42, 22, 20, true]);
  });

  test('names services, attributes and values of both', async () => {
    const facets = await get<LogFacets>('/logs/facets');
    expect(facets.services).toEqual(['order', 'payment']);
    expect(facets.attributes.map(({ key }) => key)).toEqual(
      expect.arrayContaining(['n', 'service.instance.id', 'service_instance_id']),
    );
    const { items } = await get<LogValues>('/logs/values?key=service.instance.id');
    expect(items).toEqual(['order-1']);
  });

  test('says which source did not answer, and fails only when none did', async () => {
    fake.behave((_, response) => {
      response.writeHead(500).end('broken');
      return true;
    });
    try {
      const list = await get<LogList>('/logs?limit=5');
      expect(list.items).toHaveLength(5);
      expect(list.sources).toMatchObject([
        { id: 'embedded', outcome: 'answered' },
        { id: 'loki', outcome: 'failed', detail: expect.stringContaining('broken') },
      ]);
      const only = await ask('/logs?source=loki');
      expect([only.status, JSON.parse(only.text).code]).toEqual([503, 'source.unavailable']);
    } finally {
      fake.behave(() => false);
    }
  });
});

describe('lines around one', () => {
  test.each(['embedded', 'loki'])('in %s', async (source) => {
    const list = await get<LogList>(`/logs?source=${source}&limit=500&order=oldest`);
    const focus = list.items[5] as LogLine;
    const context = await get<LogContext>(`/logs/context?id=${focus.id}&timeNs=${focus.timeNs}&before=2&after=1`);
    expect(schemas.logContext.safeParse(context).error).toBeUndefined();
    expect(context.items.map(({ id }) => id)).toEqual(list.items.slice(3, 7).map(({ id }) => id));
    expect(context.focus).toBe(focus.id);
  });

  test('of a line that is not there', async () => {
    for (const id of [`embedded:${'ab'.repeat(16)}`, 'embedded:ab', `loki:${'ab'.repeat(16)}`]) {
      const { status, text } = await ask(`/logs/context?id=${id}&timeNs=${at(600_000)}`);
      expect([id, status, JSON.parse(text).code]).toEqual([id, 404, 'logs.line_unknown']);
    }
  });
});

describe('a token', () => {
  const paths = [
    '/logs?',
    '/logs/histogram?',
    '/logs/facets?',
    '/logs/values?key=n&',
    '/logs/tail?',
    '/logs/download?',
  ];

  test.each(paths)('that reaches one service asks for it by name: %s', async (path) => {
    for (const more of ['', 'service=payment', 'service=order&service=payment']) {
      if (more.includes('&') && /facets|values/.test(path)) continue;
      const { status, text } = await ask(`${path}${more}`, { headers: orderOnly.bearer });
      expect([more, status, JSON.parse(text).code]).toEqual([more, 403, 'auth.scope_too_narrow']);
    }
    if (path.includes('tail')) return;
    expect((await ask(`${path}service=order`, { headers: orderOnly.bearer })).status).toBe(200);
  });

  test.each(paths)('that reaches one environment gets no other: %s', async (path) => {
    expect((await ask(path, { headers: stagingOnly.bearer })).status).toBe(403);
    if (path.includes('tail')) return;
    expect((await ask(`${path}env=staging`, { headers: stagingOnly.bearer })).status).toBe(200);
  });

  test('sees the lines around one of its own service only', async () => {
    const [theirs] = (await get<LogList>('/logs?service=payment&limit=1')).items;
    const [own] = (await get<LogList>('/logs?service=order&limit=1')).items;
    const context = (of: LogLine | undefined, more: string) =>
      ask(`/logs/context?id=${of?.id}&timeNs=${of?.timeNs}${more}`, { headers: orderOnly.bearer });
    expect((await context(own, '')).status).toBe(403);
    expect((await context(own, '&service=order')).status).toBe(200);
    expect((await context(theirs, '&service=payment')).status).toBe(403);
    expect((await context(theirs, '&service=order')).status).toBe(404);
  });
});

describe('a file', () => {
  test.each([
    ['text', 'text/plain', 42],
    ['ndjson', 'application/x-ndjson', 42],
    ['csv', 'text/csv', 43],
  ])('as %s', async (format, type, count) => {
    const { status, headers, text } = await ask(`/logs/download?format=${format}`);
    expect([status, headers.get('content-type')?.split(';')[0]]).toEqual([200, type]);
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="logs-[\dT-]+\.\w+"$/);
    expect(text.trimEnd().split('\n')).toHaveLength(count);
    if (format === 'csv') expect(text).toContain(",'=cmd|calc,");
  });

  test('is cut at its limit, and says so in its last line', async () => {
    const query = logQueryOf({}, Date.now());
    const response = await downloadLogs({ query, format: 'text' }, new Request('http://localhost/'), 10);
    const rows = (await response.text()).trimEnd().split('\n');
    expect(rows).toHaveLength(11);
    expect(rows.at(-1)).toMatch(/^# Cut after 10 lines/);
  });

  test('is an error and no file when the search is wrong', async () => {
    const { status, headers } = await ask('/logs/download?level=loud');
    expect([status, headers.get('content-type')]).toEqual([400, 'application/problem+json; charset=utf-8']);
  });

  test('names a source that did not answer', async () => {
    fake.behave((_, response) => {
      response.writeHead(500).end('broken');
      return true;
    });
    const { text } = await ask('/logs/download');
    fake.behave(() => false);
    expect(text.trimEnd().split('\n').at(-1)).toMatch(/^# A source did not answer: Loki: .*broken/);
  });
});

describe('a tail', () => {
  type Told = {
    [Name in keyof LogTailEvents]: { name: Name; data: LogTailEvents[Name]; id: string | null };
  }[keyof LogTailEvents];

  /** Reads the events of a stream as they come. */
  function listen(response: Response) {
    const told: Told[] = [];
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    const decoder = new TextDecoder();
    const ended = (async () => {
      let text = '';
      for (;;) {
        const { done: isDone, value } = await reader.read();
        if (isDone) return;
        text += decoder.decode(value, { stream: true });
        for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
          const block = text.slice(0, end);
          text = text.slice(end + 2);
          const [, name] = /^event: (.+)$/m.exec(block) ?? [];
          if (!name) continue;
          const data = JSON.parse(/^data: (.+)$/m.exec(block)?.[1] ?? 'null');
          told.push({ name, data, id: /^id: (.+)$/m.exec(block)?.[1] ?? null } as Told);
        }
      }
    })();
    const bodies = () => told.flatMap((one) => (one.name === 'lines' ? one.data.items.map(({ body }) => body) : []));
    return { told, bodies, ended };
  }
  const now = (service: string, body: string, agoMs = 0): SentLine => ({
    timeNs: BigInt(Date.now() - agoMs) * 1_000_000n,
    environment: 'production',
    service,
    level: 'info',
    body,
  });

  test('brings the lines of both sources, and ends with the request', async () => {
    const gone = new AbortController();
    const request = new Request('http://localhost/api/v1/logs/tail?service=both', {
      headers: all.bearer,
      signal: gone.signal,
    });
    const response = await api().fetch(request);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
    const { bodies, told, ended } = listen(response);
    await until(() => fake.tails.size === 1);
    await send(now('both', 'ours'), now('other', 'not asked for'));
    await sendToLoki(now('both', 'theirs'));
    await until(() => bodies().length === 2);
    expect(bodies().sort()).toEqual(['ours', 'theirs']);
    expect(told.every(({ name, id }) => name !== 'lines' || /^\d{19}$/.test(id ?? ''))).toBe(true);
    gone.abort();
    await ended;
    await until(() => fake.tails.size === 0);
  });

  test('gives to whoever comes back what was missed', async () => {
    const service = 'missed';
    const sinceNs = BigInt(Date.now()) * 1_000_000n;
    await send(now(service, 'while away'));
    const request = new Request('http://localhost/', { headers: { 'last-event-id': String(sinceNs) } });
    const { bodies, ended } = listen(await tailLogs({ service: [service] }, Date.now() + 1, request, { forMs: 2_000 }));
    await until(() => bodies().includes('while away'));
    await ended;
  });

  test('ends by itself, so that whoever may no longer look is noticed', async () => {
    const started = Date.now();
    const { ended } = listen(await tailLogs({}, Date.now(), new Request('http://localhost/'), { forMs: 300 }));
    await ended;
    expect(Date.now() - started).toBeLessThan(5_000);
  });

  test('tells of a source that fails, and goes on with the other', async () => {
    const dead = createLoki({
      id: 'dead',
      name: 'Dead',
      url: 'http://127.0.0.1:1',
      timeoutMs: 500,
      defaultEnvironment: 'production',
    });
    setLogSources([embedded, dead]);
    const gone = new AbortController();
    const request = new Request('http://localhost/', { signal: gone.signal });
    const { told, bodies, ended } = listen(await tailLogs({ service: ['half'] }, Date.now(), request));
    await until(() => told.some(({ name }) => name === 'source'));
    expect(told.find(({ name }) => name === 'source')?.data).toMatchObject({ id: 'dead', outcome: 'failed' });
    await send(now('half', 'still here'));
    await until(() => bodies().includes('still here'));
    gone.abort();
    await ended;
  });
});

test('without any source it says what to set', async () => {
  setLogSources([]);
  for (const path of [
    '/logs',
    '/logs/histogram',
    '/logs/facets',
    '/logs/values?key=a',
    '/logs/tail',
    '/logs/download',
  ]) {
    const { status, text } = await ask(path);
    expect([path, status, JSON.parse(text).detail]).toEqual([
      path,
      503,
      expect.stringContaining('OTLP_URL or LOGS_URL'),
    ]);
  }
});
