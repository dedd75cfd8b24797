import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startPrometheus, type TestPrometheus } from '#deploy/local/testing/prometheus.ts';
import { createPrometheus, setPrometheusSources } from '#lib/adapters/prometheus/index.ts';
import { type HistorySeries, writeHistory } from '#lib/adapters/prometheus/testing/history.ts';
import { type Actor, fullScope, type Scope } from '#lib/core/actor.ts';
import { forget } from '#lib/core/registry.ts';
import { db } from '#lib/db/index.ts';
import { useTestDatabase } from '#lib/db/testing/database.ts';
import { createApi } from '#lib/http/index.ts';
import { explainBurn } from './explain-burn.ts';
import { figureRoutes } from './figure-routes.ts';
import { budgetLeftByService } from './list-slos.ts';
import { refreshFigures } from './refresh-figures.ts';
import type { SloDefinition, SloDetail, SloHistory, SloList } from './schemas.ts';
import { insertFilledSlo } from './testing/filled-ledger.ts';
import { bucketMs, dayMs, hourMs, minuteMs } from './window-rules.ts';

const nowMs = Math.floor(Date.now() / minuteMs) * minuteMs;
const untilMs = Math.floor(nowMs / bucketMs) * bucketMs - bucketMs;
const firingSinceMs = nowMs - 4 * minuteMs;
const environmentLabel = 'deployment_environment_name';
let server: TestPrometheus;
let stored: Awaited<ReturnType<typeof writeHistory>>;
let done: () => Promise<void>;
let upstream = 0;
let actor: Actor;

const person = (scope: Partial<Scope> = {}): Actor => ({
  kind: 'token',
  id: 'token',
  ownerId: 'dana',
  name: 'Token',
  role: 'viewer',
  scope: { ...fullScope, ...scope },
});
const api = createApi(figureRoutes, {
  authenticate: async () => ({ actor, cookie: false }),
  authorize: async () => {},
  refused: async () => {},
  publicUrl: 'http://localhost',
  trustedProxies: [],
});
const get = async <T>(path: string, status = 200): Promise<T> => {
  const response = await api.request(`/api/v1${path}`);
  expect(response.status).toBe(status);
  return (await response.json()) as T;
};
const list = (query = '') => get<SloList>(`/slos?env=production${query}`);
const detail = (name: string) => get<SloDetail>(`/slos/${name}?env=production`);
const rowOf = ({ items }: SloList, name: string) => items.find((item) => item.name === name);

/** Recordings and alerts as the rules of one SLO write them: 5 % of 10 requests/s fail. */
function recorded(slo: string, service: string): HistorySeries[] {
  const labels = { slo, service, [environmentLabel]: 'production' };
  const alert = { ...labels, alertname: 'SLOBurnRate', severity: 'page', long_window: '1h', short_window: '5m' };
  return [
    ...['5m', '30m', '1h', '2h', '6h', '1d', '3d'].flatMap((window) => [
      { name: `slo:sli_bad:rate${window}`, labels, value: () => 0.5 },
      { name: `slo:sli_total:rate${window}`, labels, value: () => 10 },
    ]),
    { name: 'ALERTS', labels: { ...alert, alertstate: 'firing' }, value: () => 1 },
    { name: 'ALERTS_FOR_STATE', labels: alert, value: () => firingSinceMs / 1_000 },
  ];
}

function connect(url: string) {
  for (const name of ['slo.kept', 'slo.rows', 'slo.live-read']) forget(name);
  upstream = 0;
  const source = {
    id: 'prometheus',
    name: 'Prometheus',
    url,
    timeoutMs: 5_000,
    scrapeIntervalMs: 15_000,
    environmentLabel,
    defaultEnvironment: 'production',
  };
  const onUpstream = () => {
    upstream += 1;
  };
  setPrometheusSources([createPrometheus(source, { isolated: true, hooks: { onUpstream } })]);
}

interface Small {
  definition: Partial<SloDefinition>;
  days?: number;
  bad?: number;
  until?: number;
}

/** 3,000 requests in each five minutes, as 10 a second. */
async function insertSlo({ definition, days = 2, bad = 0, until = untilMs }: Small) {
  const fill = () => ({ good: 3_000 - bad, total: 3_000 });
  const slo = await insertFilledSlo({ definition, fromMs: until - days * dayMs, untilMs: until, fill });
  await refreshFigures([slo], new Date());
  return slo;
}

beforeAll(async () => {
  const folder = { QD_SLO_DIR: 'deploy/none', QD_GENERATED_HISTORY_UNTIL: new Date(untilMs - hourMs).toISOString() };
  done = await useTestDatabase(folder);
  stored = await writeHistory(recorded('payment-availability', 'payment'), [
    { fromMs: nowMs - 10 * minuteMs, toMs: nowMs + 20 * minuteMs, stepMs: 15_000 },
  ]);
  server = await startPrometheus({ dataDir: stored.dataDir, config: 'global: {scrape_interval: 15s}' });
});
beforeEach(async () => {
  actor = person();
  await db().$executeRaw`truncate slo_bucket, slo_bucket_hour, slo_state, slo_exclusion, slo_revision, slo cascade`;
  connect(server.url);
});
afterAll(async () => {
  setPrometheusSources(null);
  await server?.stop();
  stored?.remove();
  await done?.();
});

describe('the list', () => {
  beforeEach(async () => {
    await insertSlo({ definition: { name: 'payment-availability', service: 'payment', target: 0.999 }, bad: 1 });
    await insertSlo({
      definition: { name: 'order-latency', service: 'order', owner: 'orders', tier: 2, category: 'latency' },
    });
    await insertSlo({ definition: { name: 'ledger-availability', service: 'ledger' }, bad: 60 });
    await insertSlo({ definition: { name: 'staging', service: 'payment', environment: 'staging' } });
  });

  it('has every SLO with its budget, burn and state by ONE query, whoever looks', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => list()));
    const [answer] = all as [SloList];
    expect(upstream).toBe(1);
    expect(answer.items.map(({ name, state }) => [name, state])).toEqual([
      ['ledger-availability', 'breached'],
      ['payment-availability', 'at_risk'],
      ['order-latency', 'ok'],
    ]);
    expect(answer.counts).toEqual({ breached: 1, at_risk: 1, no_data: 0, no_traffic: 0, ok: 1 });
    const payment = rowOf(answer, 'payment-availability');
    expect(payment).toMatchObject({ firing: 'page', policyStep: 'free', stale: null });
    expect(payment?.burnNow).toBeCloseTo(50, 6);
    expect(payment?.figures?.budgetLeft).toBeCloseTo(1 - 1 / 3, 6);
    expect(payment?.reason).toMatch(/^A page fires since \d\d:\d\d UTC: burning at 50× over the last hour\.$/);
    expect(payment?.exhaustedAt).not.toBeNull();
    expect(answer.liveError).toBeNull();
  });

  it('filters', async () => {
    const names = async (query: string) => (await list(query)).items.map(({ name }) => name);
    expect(await names('&service=order')).toEqual(['order-latency']);
    expect(await names('&owner=orders&tier=2')).toEqual(['order-latency']);
    expect(await names('&state=breached')).toEqual(['ledger-availability']);
    expect(await names('&q=AVAILABILITY+led')).toEqual(['ledger-availability']);
    expect(await names('&q=nothing')).toEqual([]);
    expect((await get<SloList>('/slos?env=staging')).items.map(({ name }) => name)).toEqual(['staging']);
    await get('/slos?env=production&tier=9', 400);
    await get('/slos?env=production&state=fine', 400);
  });

  it('shows a token what it reaches, and nothing of the rest', async () => {
    actor = person({ services: ['order'], environments: ['production'] });
    const answer = await list();
    expect(answer.items.map(({ name }) => name)).toEqual(['order-latency']);
    expect(answer.counts.breached).toBe(0);
    expect(await get('/slos/ledger-availability?env=production', 404)).toMatchObject({ code: 'slo.unknown' });
    expect(await get('/slos/ledger-availability/history?env=production', 404)).toMatchObject({ code: 'slo.unknown' });
    await get('/slos?env=staging', 403);
    await get('/slos/staging?env=staging', 403);
  });

  it('has a change at once', async () => {
    await list();
    await db().slo.updateMany({ where: { name: 'order-latency' }, data: { archivedAt: new Date() } });
    expect((await list()).items).toHaveLength(2);
    await insertSlo({ definition: { name: 'new-one', service: 'order' } });
    expect(rowOf(await list(), 'new-one')).toMatchObject({ state: 'ok' });
  });

  it('answers from the ledger while the metrics source is away, and says so', async () => {
    connect('http://127.0.0.1:1');
    const answer = await list();
    expect(answer.liveError).toBeTruthy();
    expect(rowOf(answer, 'ledger-availability')).toMatchObject({ state: 'breached', firing: null });
    expect(rowOf(answer, 'payment-availability')?.burnNow).toBeCloseTo(1 / 3, 6);
    const one = await detail('payment-availability');
    expect(one.tiers.map(({ state }) => state)).toEqual(['unknown', 'unknown', 'unknown', 'unknown']);
    expect(one.warnings.map(({ code }) => code)).toContain('slo.live_unknown');
  });

  it('tells what is left by service', async () => {
    const worst = await budgetLeftByService('production');
    expect([...worst.keys()].sort()).toEqual(['ledger', 'order', 'payment']);
    expect(worst.get('ledger')).toMatchObject({ slo: 'ledger-availability', state: 'breached' });
  });
});

describe('one SLO', () => {
  it('has burn over every window of its alerts, since when they fire, and a forecast', async () => {
    await insertSlo({ definition: { name: 'payment-availability', service: 'payment' }, days: 30, bad: 1 });
    const one = await detail('payment-availability');
    expect(upstream).toBe(2);
    expect(one.tiers).toMatchObject([
      {
        longMs: hourMs,
        shortMs: 5 * minuteMs,
        state: 'firing',
        since: new Date(firingSinceMs).toISOString(),
        reachable: true,
      },
      { longMs: 6 * hourMs, state: 'quiet', since: null },
      { longMs: dayMs, state: 'quiet' },
      { longMs: 3 * dayMs, state: 'quiet' },
    ]);
    for (const { longBurn, shortBurn } of one.tiers)
      expect([longBurn, shortBurn]).toEqual([expect.closeTo(50, 6), expect.closeTo(50, 6)]);
    expect(one.forecast?.sentence).toMatch(
      /the budget passes 50 % and the policy becomes “careful”; none is left between/,
    );
    const days = (Date.parse(one.forecast?.exhaustedAt ?? '') - nowMs) / dayMs;
    // Two thirds of 30 days at 50 times the pace, less what has burnt since the ledger ended.
    expect(days).toBeGreaterThan(0.35);
    expect(days).toBeLessThan(0.41);
    expect(one).toMatchObject({ adjusted: null, revision: 1, version: 1, policy: { name: 'default' } });
    expect(one.measuredAtSentence).toMatch(/^Measured at its callers/);
    expect(one.warnings).toEqual([]);
  });

  it('falls back on its ledger where no rules record it, and says so', async () => {
    await insertSlo({ definition: { name: 'unrecorded', service: 'order', target: 0.9 }, bad: 300 });
    const one = await detail('unrecorded');
    expect(one.burnNow).toBeCloseTo(1, 6);
    expect(one.tiers[0]).toMatchObject({ state: 'unknown', reachable: false });
    expect(one.tiers[0]?.longBurn).toBeCloseTo(1, 6);
    expect(one.warnings.map(({ code }) => code)).toEqual([
      'slo.alert_out_of_reach',
      'slo.not_recorded',
      'slo.coverage_low',
    ]);
    expect(one.warnings[0]?.message).toContain('can never fire');
  });

  it('is not known where its ledger is behind', async () => {
    await insertSlo({ definition: { name: 'behind', service: 'order' }, until: untilMs - 40 * minuteMs });
    const one = await detail('behind');
    expect(one.state).toBe('no_data');
    expect(one.stale).toMatchObject({ since: new Date(untilMs - 40 * minuteMs).toISOString() });
    expect(one.reason).toMatch(/^Nothing is known since /);
  });

  it('is unknown where there is none', async () => {
    expect(await get('/slos/nobody?env=production', 404)).toMatchObject({ code: 'slo.unknown' });
    await get('/slos/Not%20a%20name?env=production', 400);
  });
});

describe('its history', () => {
  beforeEach(() => insertSlo({ definition: { name: 'payment-availability', service: 'payment' }, days: 33, bad: 1 }));

  it('burns its own window down to what is left, in at most 720 steps', async () => {
    const [history, one] = [
      await get<SloHistory>('/slos/payment-availability/history?env=production'),
      await detail('payment-availability'),
    ];
    expect(history.grid.stepMs).toBe(hourMs);
    expect(history.good).toHaveLength(720);
    const last = history.budgetLeft.findLast((value) => value !== null);
    expect(last).toBeCloseTo(one.figures?.budgetLeft ?? Number.NaN, 9);
    expect(history.burn[5 * minuteMs]?.[100]).toBeCloseTo(1 / 3, 6);
    expect(history.coverage[100]).toBe(1);
    expect(history.generatedUntil).toBe(new Date(untilMs - hourMs).toISOString());
  });

  it('covers another range, and refuses what is none', async () => {
    const path = '/slos/payment-availability/history?env=production';
    const history = await get<SloHistory>(`${path}&from=now-6h`);
    expect(history.grid.stepMs).toBe(5 * minuteMs);
    expect(history.budgetLeft.find((value) => value !== null)).toBeCloseTo(2 / 3, 6);
    expect(history.ideal.every((value) => value === null)).toBe(true);
    await get(`${path}&from=now-1h&to=now-2h`, 400);
    await get(`${path}&from=yesterday`, 400);
    await get(`${path}&from=now-260w`, 400);
  });
});

describe('an explanation', () => {
  const asked = { environment: 'production', severity: 'page' as const, longMs: hourMs, shortMs: 5 * minuteMs };

  it('counts events, and says which come from live rates', async () => {
    await insertSlo({ definition: { name: 'payment-availability', service: 'payment' }, days: 30, bad: 1 });
    const said = await explainBurn({ ...asked, slo: 'payment-availability', sinceMs: null, nowMs: Date.now() });
    expect(said[0]).toMatch(
      /^\d[\d.]* % of the 30-day budget was spent in the last hour \(\d{3} of 25,9\d\d allowed failures\); at this rate none is left (at|on) /,
    );
    expect(said[1]).toMatch(
      /^About \d{3} of these failures are of the last \d+ min, which the ledger has not counted yet/,
    );
    expect(said[2]).toContain(
      'more than 14.4× as fast as it may over both the last hour (50×) and the last 5 min (50×)',
    );
    expect(said[3]).toBe('It stops about 4 min after the failures do.');
  });

  it('says nothing of what is not there', async () => {
    expect(await explainBurn({ ...asked, slo: 'nobody', sinceMs: null, nowMs: Date.now() })).toEqual([]);
  });
});
