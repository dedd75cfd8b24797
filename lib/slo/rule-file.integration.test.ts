import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { startPrometheus, type TestPrometheus } from '#deploy/local/testing/prometheus.ts';
import { createPrometheus, setPrometheusSources } from '#lib/adapters/prometheus/index.ts';
import { type HistorySeries, writeHistory } from '#lib/adapters/prometheus/testing/history.ts';
import { type Actor, fullScope } from '#lib/core/actor.ts';
import { newId } from '#lib/core/ids.ts';
import { log } from '#lib/core/log.ts';
import { forget } from '#lib/core/registry.ts';
import { db } from '#lib/db/index.ts';
import { useTestDatabase } from '#lib/db/testing/database.ts';
import { createApi } from '#lib/http/index.ts';
import writeRules from './jobs/write-rule-file.ts';
import { writeOpenSlo } from './openslo/index.ts';
import { ruleFileName } from './rule-file.ts';
import { ruleRoutes } from './rule-routes.ts';
import { readRules } from './rule-store.ts';
import { findPromtools } from './rules/testing/promtool.ts';
import type { RulesStatus, SloDefinition, SloPreview } from './schemas.ts';
import { aDefinition, openSlo } from './testing/definitions.ts';
import { insertFilledSlo } from './testing/filled-ledger.ts';

vi.stubEnv('LOG_LEVEL', 'fatal');

const minute = 60_000;
const day = 86_400_000;
const nowMs = Math.floor(Date.now() / (5 * minute)) * 5 * minute;
const sinceMs = nowMs - 3.5 * day;
/** Of ten requests a second half fail from here on, for twenty minutes. */
const faultMs = nowMs - 6 * 3_600_000;
const faultMinutes = 20;
const labels = { deployment_environment_name: 'production' };
const identity = { slo: 'payment-availability', service: 'payment', ...labels };

/** Counted minute by minute: `failed` by then, of all. */
function requests(code: string): HistorySeries {
  const failed = (atMs: number) => Math.max(0, Math.min(faultMinutes, (atMs - faultMs) / minute)) * 300;
  const all = (atMs: number) => ((atMs - sinceMs) / minute) * 600;
  const value = (atMs: number) => (code === '500' ? failed(atMs) : all(atMs) - failed(atMs));
  return { name: 'http_requests_total', labels: { code, ...labels }, value };
}

let server: TestPrometheus;
let history: Awaited<ReturnType<typeof writeHistory>>;
let done: () => Promise<void>;
let folder: string;

const source = (url: string) => ({
  id: 'prometheus',
  name: 'Prometheus',
  url,
  timeoutMs: 10_000,
  scrapeIntervalMs: 15_000,
  environmentLabel: 'deployment_environment_name',
  defaultEnvironment: 'production',
});
const use = (url: string) => setPrometheusSources([createPrometheus(source(url), { isolated: true })]);

beforeAll(async () => {
  done = await useTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'rules-dir-'));
  const recorded = ['bad', 'total'].map((which) => ({
    name: `slo:sli_${which}:rate5m`,
    labels: identity,
    value: () => (which === 'bad' ? 0 : 10),
  }));
  history = await writeHistory(
    [requests('200'), requests('500'), ...recorded],
    [{ fromMs: sinceMs, toMs: nowMs, stepMs: minute }],
  );
  const config = `global: {evaluation_interval: 15s}\nrule_files: ["${folder}/*.yml"]\n`;
  server = await startPrometheus({ config, dataDir: history.dataDir });
});
afterAll(async () => {
  setPrometheusSources(null);
  await server?.stop();
  history?.remove();
  rmSync(folder, { recursive: true, force: true });
  await done();
});

beforeEach(() => {
  process.env.RULES_DIR = folder;
  process.env.PROMETHEUS_URL = server.url;
  for (const name of ['config', 'slo.rule-file', 'slo.previews', 'slo.accepted-expressions', 'telemetry.discovery']) {
    forget(name);
  }
  use(server.url);
});

const ruleFile = () => join(folder, ruleFileName);
const text = () => readFileSync(ruleFile(), 'utf8');
const add = (more: Partial<SloDefinition> = {}) =>
  insertFilledSlo({ definition: more, fromMs: 0, untilMs: 0, fill: () => null });

/** One run of the job as if it were the first; what is then known of the file. */
async function run() {
  forget('slo.rule-file');
  await writeRules({ signal: new AbortController().signal, log: log(), now: new Date() });
  return readRules(db());
}

async function loadedGroups(): Promise<string[]> {
  const response = await fetch(`${server.url}/api/v1/rules`);
  const { data } = (await response.json()) as { data: { groups: { name: string }[] } };
  return data.groups.map(({ name }) => name);
}

describe('the rule file', () => {
  test('is written for Prometheus to read, and runs', async () => {
    writeFileSync(join(folder, 'theirs.yml'), 'groups: [{name: theirs, rules: [{record: a, expr: "1"}]}]\n');
    await add();
    const rules = await run();
    expect(rules).toMatchObject({ state: 'loaded', setAside: [], detail: 'Prometheus runs the rules of all SLOs.' });
    expect(rules.writtenAt).not.toBeNull();
    expect(statSync(ruleFile()).mode & 0o777).toBe(0o644);
    expect(await loadedGroups()).toEqual(
      expect.arrayContaining([
        'theirs',
        `quarterdeck-slo-rules-${rules.hash}`,
        'quarterdeck-slo/production/payment/fast',
      ]),
    );
  });

  test('makes windows of days from recordings that are old enough', async () => {
    expect(text()).toContain('avg_over_time(slo:sli_bad:rate5m{');
    expect((await readRules(db())).recorded).toMatchObject({
      [(await db().slo.findFirstOrThrow()).id]: { revision: 1, windowsMs: [day, 3 * day] },
    });
  });

  test('is left alone while nothing changes', async () => {
    const before = statSync(ruleFile());
    const { writtenAt, loadedAt } = await readRules(db());
    expect(await run()).toMatchObject({ state: 'loaded', writtenAt, loadedAt });
    expect(statSync(ruleFile())).toMatchObject({ mtimeMs: before.mtimeMs, ino: before.ino });
  });

  test('leaves out one bad SLO with what Prometheus says against it; the others run', async () => {
    // It parses, but a rate needs a range.
    const indicator = { kind: 'threshold', query: 'rate(up) + 1', op: 'gte', value: 1 } as const;
    await add({ name: 'wrong', service: 'order', indicator });
    await add({ name: 'right', service: 'order' });
    const { state, setAside } = await run();
    expect(state).toBe('loaded');
    expect(setAside).toEqual([
      { environment: 'production', name: 'wrong', isRunning: false, reason: expect.stringMatching(/range vector/) },
    ]);
    expect(text()).toContain('slo="right"');
    expect(text()).not.toContain('slo="wrong"');
    await db().slo.updateMany({ where: { name: 'wrong' }, data: { archivedAt: new Date() } });
  });

  test('leaves it out as well where only promtool can say so', async () => {
    const [tool] = await findPromtools();
    const path = process.env.PATH;
    process.env.PATH = `${dirname(tool?.file ?? '')}${delimiter}${path}`;
    forget('slo.promtool');
    setPrometheusSources([]);
    await db().slo.updateMany({ where: { name: 'wrong' }, data: { archivedAt: null } });
    try {
      const { state, detail, setAside } = await run();
      expect([state, detail]).toEqual(['written', expect.stringContaining('PROMETHEUS_URL is not set')]);
      expect(setAside).toEqual([
        { environment: 'production', name: 'wrong', isRunning: false, reason: expect.stringMatching(/range vector/) },
      ]);
      expect(text()).not.toContain('slo="wrong"');
    } finally {
      await db().slo.updateMany({ where: { name: 'wrong' }, data: { archivedAt: new Date() } });
      process.env.PATH = path;
      forget('slo.promtool');
    }
  });

  test('goes back to what it was where Prometheus refuses to load, and is tried again', async () => {
    await run();
    const before = text();
    const broken = join(folder, 'broken.yml');
    writeFileSync(broken, 'groups: [{name: broken, rules: [{record: a, expr: "("}]}]\n');
    await add({ name: 'late', service: 'late' });
    const refused = await run();
    expect(refused).toMatchObject({ state: 'refused', loadedAt: null });
    expect(refused.detail).toMatch(/with the rules as before neither/);
    expect(text()).toBe(before);
    rmSync(broken);
    expect(await run()).toMatchObject({ state: 'loaded', hash: refused.hash });
    expect(text()).toContain('slo="late"');
  });

  test('that cannot be written is said in words', async () => {
    for (const [where, words] of [
      [join(folder, 'nowhere'), 'there is no such folder'],
      [ruleFile(), 'it is not a folder'],
    ] as const) {
      process.env.RULES_DIR = where;
      forget('config');
      expect(await run()).toMatchObject({ state: 'failed', detail: expect.stringContaining(words) });
    }
  });

  test('of nobody who reloads waits for Prometheus to do so by itself', async () => {
    const answers = { reload: 403, rules: { groups: [] as { name: string; rules: [] }[] } };
    const fake = createServer((request, response) => {
      const isReload = request.url === '/-/reload';
      response.writeHead(isReload ? answers.reload : 200, { 'content-type': 'application/json' });
      const data = request.url?.startsWith('/api/v1/rules') ? answers.rules : { resultType: 'vector', result: [] };
      response.end(isReload ? 'no' : JSON.stringify({ status: 'success', data }));
    });
    await new Promise<void>((resolve) => fake.listen(0, '127.0.0.1', resolve));
    use(`http://127.0.0.1:${(fake.address() as AddressInfo).port}`);
    const waiting = await run();
    expect(waiting).toMatchObject({ state: 'written', detail: expect.stringContaining('--web.enable-lifecycle') });
    answers.reload = 200;
    expect(await run()).toMatchObject({ detail: expect.stringContaining('rule_files in its configuration') });
    answers.rules.groups = [{ name: `quarterdeck-slo-rules-${waiting.hash}`, rules: [] }];
    expect(await run()).toMatchObject({ state: 'loaded' });
    await new Promise((resolve) => fake.close(resolve));
    expect(await run()).toMatchObject({
      state: 'written',
      detail: expect.stringMatching(/not known: Nothing listens/),
    });
  });

  test('is offered without a folder, and recognised where somebody else loads it', async () => {
    delete process.env.RULES_DIR;
    forget('config');
    const same = await run();
    expect(same).toMatchObject({ state: 'loaded', detail: expect.stringContaining('by other means') });
    await add({ name: 'newer', service: 'late' });
    const older = await run();
    expect(older).toMatchObject({ state: 'not_configured', detail: expect.stringContaining('runs older ones') });
  });
});

const token = (scope: Partial<typeof fullScope>): Actor => ({
  kind: 'token',
  id: newId(),
  name: 'ci',
  ownerId: newId(),
  role: 'viewer',
  scope: { ...fullScope, ...scope },
});
const actors: Record<string, Actor> = {
  'Bearer order': token({ services: ['order'] }),
  'Bearer staging': token({ environments: ['staging'] }),
};
const api = createApi(ruleRoutes, {
  authenticate: async (request) => ({
    actor: actors[request.headers.get('authorization') ?? ''] ?? token({}),
    cookie: false,
  }),
  authorize: async () => {},
  refused: async () => {},
  publicUrl: 'http://localhost',
  trustedProxies: [],
});
const get = (path: string, headers: Record<string, string> = {}) => api.request(`/api/v1${path}`, { headers });

describe('rules by API', () => {
  test('are the file itself, which a client need not take twice', async () => {
    await run();
    const response = await get('/slos/rules');
    expect(response.headers.get('content-type')).toMatch(/^application\/yaml/);
    expect(await response.text()).toBe(text());
    const etag = response.headers.get('etag') ?? '';
    expect((await get('/slos/rules', { 'if-none-match': etag })).status).toBe(304);
    const status = (await (await get('/slos/rules/status')).json()) as RulesStatus;
    expect(text()).toContain(status.hash);
  });

  test('are a resource of the Prometheus operator as well', async () => {
    const resource = parse(await (await get('/slos/rules?format=prometheusrule')).text());
    expect(resource).toMatchObject({ apiVersion: 'monitoring.coreos.com/v1', kind: 'PrometheusRule' });
    expect(resource.spec.groups).toEqual(parse(text()).groups);
    expect((await get('/slos/rules?format=xml')).status).toBe(400);
  });

  test('hold for a limited token only what it reaches', async () => {
    const order = await (await get('/slos/rules', { authorization: 'Bearer order' })).text();
    expect(order).toContain('slo="right"');
    expect(order).not.toContain('payment');
    const staging = parse(await (await get('/slos/rules', { authorization: 'Bearer staging' })).text());
    expect(staging.groups).toHaveLength(2);
    expect((await get('/slos/payment-availability/rules', { authorization: 'Bearer order' })).status).toBe(404);
  });

  test('of one SLO are its own', async () => {
    const { groups } = parse(await (await get('/slos/right/rules')).text());
    expect(groups.map(({ name }: { name: string }) => name)).toEqual(
      ['fast', 'medium', 'slow'].map((pace) => `quarterdeck-slo/production/order/${pace}`),
    );
    expect((await get('/slos/nothing/rules')).status).toBe(404);
  });
});

describe('a preview', () => {
  const preview = async (more: Partial<SloDefinition>, days = 2, headers: Record<string, string> = {}) => {
    const response = await api.request('/api/v1/slos/preview', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ source: writeOpenSlo(aDefinition(more)), days }),
    });
    return { status: response.status, body: (await response.json()) as SloPreview & { code: string; detail: string } };
  };

  test('says when it would have paged and what that would have cost', async () => {
    const { status, body } = await preview({});
    expect(status).toBe(200);
    const pages = body.firings.filter(({ severity, longMs }) => severity === 'page' && longMs === 3_600_000);
    expect(pages).toHaveLength(1);
    // 14.4 × 0.001 × 60 min / 0.5 = 1.7 min; scrapes a minute apart show it a little later.
    const late = (Date.parse(pages[0]?.from ?? '') - faultMs) / minute;
    expect(late).toBeGreaterThanOrEqual(1);
    expect(late).toBeLessThanOrEqual(6);
    // 6,000 bad of 0.001 × 600 × 43,200 minutes.
    expect(pages[0]?.budgetSpent).toBeCloseTo(6_000 / 25_920, 1);
    expect(body.sentences[0]).toMatch(/^Would have paged once in the last 2 days: \w+ \d\d:\d\d to .*% of the budget/);
    expect(body.figures?.bad).toBeCloseTo(6_000, -2);
    expect(body.figures?.total).toBeCloseTo((600 * (nowMs - sinceMs)) / minute, -5);
    expect(body.history.good.some((value) => value !== null)).toBe(true);
    expect(body.cost).toMatchObject({ series: 2, samplesPerDay: expect.any(Number) });
    expect(body.warnings.map(({ code }) => code)).toContain('slo.preview_short_history');
  });

  test('points out a page that can never fire', async () => {
    const { body } = await preview({ target: 0.9 }, 1);
    expect(body.warnings.map(({ code }) => code)).toContain('slo.alert_out_of_reach');
    expect(body.firings.some(({ longMs }) => longMs === 3_600_000)).toBe(false);
  });

  test('of what was never measured says so', async () => {
    const indicator = { kind: 'ratio', counter: true, good: null, bad: 'no_bad', total: 'no_total' } as const;
    const { status, body } = await preview({ indicator }, 1);
    expect([status, body.figures, body.firings]).toEqual([200, null, []]);
    expect(body.warnings.map(({ code }) => code)).toContain('slo.preview_no_history');
  });

  test('is refused for what cannot be read and beyond the scope of a token', async () => {
    const response = await api.request('/api/v1/slos/preview', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ source: 'kind: SLO\n', days: 1 }),
    });
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([400, 'slo.invalid']);
    expect((await preview({}, 1, { authorization: 'Bearer order' })).status).toBe(403);
    expect((await preview({}, 31)).status).toBe(400);
  });

  test('means the environment of the address where the text names none', async () => {
    const text = openSlo();
    const ask = (env: string) =>
      api.request(`/api/v1/slos/preview?env=${env}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: 'Bearer staging' },
        body: JSON.stringify({ source: text, days: 1 }),
      });
    expect((await ask('production')).status).toBe(403);
    expect((await ask('staging')).status).toBe(200);
  });

  test('without Prometheus answers 503 in words', async () => {
    use('http://127.0.0.1:9');
    forget('telemetry.discovery');
    const { status, body } = await preview({}, 1);
    expect([status, body.code]).toEqual([503, 'source.unavailable']);
    expect(body.detail).toMatch(/Nothing listens|cannot be reached/);
  });
});
