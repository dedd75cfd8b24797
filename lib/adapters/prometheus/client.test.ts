import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPrometheus } from './client.ts';
import type { PrometheusHooks, PrometheusSource, SourceHealth } from './port.ts';
import { type Behaviour, type LyingServer, lies, startLyingServer, vectorOf } from './testing/lying-server.ts';

let server: LyingServer;

beforeAll(async () => {
  server = await startLyingServer();
});
afterAll(() => server.close());
beforeEach(() => {
  server.requests.length = 0;
  server.behave(lies.honest);
});

const source = (change: Partial<PrometheusSource> = {}): PrometheusSource => ({
  id: 'p',
  name: 'Prometheus',
  url: server.url,
  timeoutMs: 400,
  scrapeIntervalMs: 5_000,
  environmentLabel: 'env',
  defaultEnvironment: 'production',
  ...change,
});

function client(change: Partial<PrometheusSource> = {}, hooks: PrometheusHooks = {}) {
  let nowMs = 1_700_000_000_000;
  const made = createPrometheus(source(change), { isolated: true, hooks, now: () => nowMs });
  return Object.assign(made, {
    pass: (ms: number) => {
      nowMs += ms;
    },
  });
}

describe('what a source does wrong, in words', () => {
  it.each<[keyof typeof lies, string, string]>([
    ['halfABody', 'source.garbled', 'broke off before'],
    ['halfABodyComplete', 'source.garbled', 'broke off before its end'],
    ['signInPage', 'source.garbled', 'a web page instead of data'],
    ['garbage', 'source.garbled', 'not the Prometheus API'],
    ['nothing', 'source.garbled', 'answered with nothing'],
    ['silence', 'source.timeout', 'no answer within 0.4 s'],
    ['down', 'source.unavailable', 'answered 503'],
    ['wrongShape', 'source.garbled', 'not as the Prometheus API writes it'],
    ['parseError', 'telemetry.query_invalid', 'column 5: unexpected end of input'],
    ['notFound', 'source.garbled', 'no Prometheus API below this address'],
    ['unauthorized', 'source.refused', 'asks for credentials'],
    ['redirect', 'source.garbled', 'answered 302'],
  ])('%s', async (lie, code, words) => {
    server.behave(lies[lie]);
    const failure = await client()
      .instantQuery('up')
      .catch((error) => error);
    expect(failure).toMatchObject({ code, detail: expect.stringContaining(words) });
    expect(failure.detail.length).toBeLessThan(400);
  });

  it('nobody listens', async () => {
    const failure = await client({ url: 'http://127.0.0.1:1' })
      .instantQuery('up')
      .catch((error) => error);
    expect(failure).toMatchObject({ code: 'source.unavailable', detail: expect.stringContaining('refused') });
  });
});

it('keeps warnings of the engine', async () => {
  server.behave(lies.withWarnings);
  expect((await client().instantQuery('up')).warnings).toEqual(['store 10.0.0.7 was left out', 'not a counter']);
});

it('sends credentials and headers, and shows none of them', async () => {
  const bearer = client({ auth: { kind: 'bearer', token: 't0p' }, headers: { 'X-Scope-OrgID': 'shop' } });
  await bearer.instantQuery('up');
  expect(server.requests[0]?.headers).toMatchObject({ authorization: 'Bearer t0p', 'x-scope-orgid': 'shop' });
  const basic = client({ auth: { kind: 'basic', username: 'u', password: 'p' } });
  await basic.instantQuery('up');
  expect(server.requests[1]?.headers.authorization).toBe(`Basic ${btoa('u:p')}`);
  expect(client({ url: `${server.url.replace('//', '//u:p@')}` }).health().url).toBe(server.url);
});

it('keeps a path prefix and asks by POST', async () => {
  await client({ url: `${server.url}/prometheus/` }).instantQuery('up{job="a"}', { atMs: 1_000 });
  expect(server.requests[0]).toMatchObject({ method: 'POST', path: '/prometheus/api/v1/query' });
  expect(Object.fromEntries(server.requests[0]?.params ?? [])).toMatchObject({ query: 'up{job="a"}', time: '1' });
});

it('asks by GET where POST is refused', async () => {
  server.behave(refusePost);
  const { series } = await client({ url: `${server.url}/read-only` }).instantQuery('up');
  expect(series[0]?.points[0]?.[1]).toBe(1);
  expect(server.requests.map(({ method }) => method)).toEqual(['POST', 'GET']);
});
const refusePost: Behaviour = (request, response) =>
  server.requests.at(-1)?.method === 'POST' ? lies.postRefused(request, response) : lies.honest(request, response);

describe('sharing', () => {
  it('turns a hundred identical questions into one request, until the next scrape', async () => {
    const seen: string[] = [];
    const prometheus = client({}, { onCache: ({ outcome }) => seen.push(outcome) });
    const answers = await Promise.all(Array.from({ length: 100 }, () => prometheus.instantQuery('up')));
    expect(server.requests).toHaveLength(1);
    expect(answers.filter(({ fromCache }) => !fromCache)).toHaveLength(1);
    expect(seen.filter((outcome) => outcome === 'shared')).toHaveLength(99);
    prometheus.pass(4_999);
    await prometheus.instantQuery('up');
    expect(server.requests).toHaveLength(1);
    prometheus.pass(1);
    await prometheus.instantQuery('up');
    expect(server.requests).toHaveLength(2);
  });

  it('gives up a request only when the last who asked has left', async () => {
    server.behave(lies.silence);
    const prometheus = client();
    const [a, b] = [new AbortController(), new AbortController()];
    const all = [a, b].map(({ signal }) => prometheus.instantQuery('up', { signal }).catch((error) => error));
    a.abort();
    b.abort();
    for (const failure of await Promise.all(all)) expect(failure.name).toBe('AbortError');
    expect(prometheus.health().state).toBe('unknown');
  });

  it('asks a source that is down once in a while, however many look', async () => {
    server.behave(lies.down);
    const prometheus = client();
    const ask = (i: number) => prometheus.instantQuery(`up{i="${i}"}`).catch((error) => error.detail);
    await ask(0);
    const details = await Promise.all(Array.from({ length: 50 }, (_, i) => ask(i)));
    expect(server.requests).toHaveLength(1);
    expect(new Set(details).size).toBe(1);
    prometheus.pass(2_000);
    server.behave(lies.honest);
    expect(await prometheus.instantQuery('up')).toMatchObject({ stale: null });
  });
});

describe('while a source is down', () => {
  it('stands in with the last good data and says since when', async () => {
    const prometheus = client();
    const ask = () => prometheus.instantQuery('up', { staleIfError: true });
    const good = await ask();
    server.behave(lies.down);
    prometheus.pass(60_000);
    const first = await ask();
    expect(first).toMatchObject({ asOfMs: good.asOfMs, series: good.series, fromCache: true });
    const sinceMs = first.stale?.sinceMs;
    expect(sinceMs).toBe(1_700_000_060_000);
    prometheus.pass(60_000);
    expect((await ask()).stale?.sinceMs).toBe(sinceMs);
    server.behave(lies.honest);
    prometheus.pass(5_000);
    expect((await ask()).stale).toBeNull();
  });

  it('does not stand in for another time, nor for a wrong query', async () => {
    const prometheus = client();
    const hour = 3_600_000;
    const grid = (toMs: number) => ({ fromMs: toMs - hour, toMs, stepMs: 60_000 });
    const range = (toMs: number) => prometheus.rangeQuery('up', grid(toMs), { staleIfError: true });
    server.behave((_, response) =>
      response.end(JSON.stringify({ status: 'success', data: { resultType: 'matrix', result: [] } })),
    );
    await range(1_700_000_000_000);
    server.behave(lies.down);
    expect((await range(1_700_000_300_000)).stale).not.toBeNull();
    await expect(range(1_690_000_000_000)).rejects.toThrow('answered 503');
    prometheus.pass(5_000);
    server.behave(lies.parseError);
    await expect(prometheus.rangeQuery('up', grid(1_700_000_000_000 + hour * 9))).rejects.toThrow('does not parse');
  });
});

describe('health', () => {
  it('tells the change of state, since when, and what is to blame', async () => {
    const told: SourceHealth[] = [];
    const upstream: string[] = [];
    const prometheus = client({}, { onUpstream: ({ outcome }) => upstream.push(outcome) });
    const stop = prometheus.onHealth((health) => told.push(health));
    await prometheus.instantQuery('up');
    server.behave(lies.down);
    for (let i = 0; i < 3; i++) {
      prometheus.pass(10_000);
      await prometheus.instantQuery('up').catch(() => {});
    }
    const failing = prometheus.health();
    expect(failing).toMatchObject({ state: 'failing', failingSinceMs: 1_700_000_010_000 });
    expect(failing.lastErrorAtMs).toBe(1_700_000_030_000);
    expect(failing.lastError).toContain('503');
    server.behave(lies.honest);
    prometheus.pass(10_000);
    await prometheus.instantQuery('up');
    expect(told.map(({ state }) => state)).toEqual(['ok', 'failing', 'ok']);
    expect(prometheus.health()).toMatchObject({ state: 'ok', failingSinceMs: null });
    expect(upstream).toEqual(['ok', 'unavailable', 'unavailable', 'unavailable', 'ok']);
    stop();
  });

  it('does not blame the source for a wrong query', async () => {
    const prometheus = client();
    server.behave(lies.parseError);
    await prometheus.instantQuery('up(').catch(() => {});
    expect(prometheus.health().state).toBe('ok');
  });
});

it('keeps infinities and NaN apart from gaps', async () => {
  for (const [text, value] of [
    ['+Inf', Number.POSITIVE_INFINITY],
    ['NaN', Number.NaN],
  ] as const) {
    server.behave((_, response) => response.end(JSON.stringify(vectorOf(text))));
    expect((await client().instantQuery('up')).series[0]?.points[0]?.[1]).toBe(value);
  }
});

it('refuses more points than Prometheus gives, without asking', async () => {
  const week = 7 * 24 * 3_600_000;
  await expect(client().rangeQuery('up', { fromMs: 0, toMs: week, stepMs: 5_000 })).rejects.toMatchObject({
    code: 'telemetry.query_too_large',
  });
  expect(server.requests).toHaveLength(0);
});

it('lets ten requests run at a time', async () => {
  let running = 0;
  let most = 0;
  server.behave((request, response) => {
    most = Math.max(most, ++running);
    setTimeout(() => {
      running -= 1;
      lies.honest(request, response);
    }, 20);
  });
  const prometheus = client({ timeoutMs: 5_000 });
  await Promise.all(Array.from({ length: 30 }, (_, i) => prometheus.instantQuery(`up{i="${i}"}`)));
  expect(most).toBe(10);
});
