import { describe, expect, it } from 'vitest';
import type { Alert } from '#lib/alerts/schemas.ts';
import type { Source } from '#lib/catalog/source-schemas.ts';
import type { Change } from '#lib/facts/change-queries.ts';
import type { ServiceList, ServiceState, ServiceSummary } from '#lib/telemetry/schemas.ts';
import { changeBefore, needs, overSince } from './needs.ts';

const start = Date.parse('2026-11-21T13:30:00Z');
const grid = { from: new Date(start).toISOString(), to: new Date(start + 3_600_000).toISOString(), stepMs: 60_000 };
const minute = (n: number) => start + n * 60_000;

const service = (name: string, state: ServiceState, errorRatio: (number | null)[] = []): ServiceSummary => ({
  environment: 'production',
  name,
  kind: 'service',
  description: null,
  owner: null,
  tier: null,
  lifecycle: null,
  repository: null,
  links: [],
  state,
  reasons: [],
  red: null,
  callers: null,
  replicas: null,
  versions: [],
  sparkline: { rate: [], errorRatio, p95Ms: [] },
});

const source = (id: string, state: Source['state'], required = false): Source => ({
  id,
  name: id,
  kind: id,
  usedFor: '',
  url: null,
  setting: '',
  required,
  state,
  version: null,
  latencyMs: null,
  checkedAt: null,
  lastSuccessAt: null,
  failingSince: null,
  lastError: null,
});

const change = (at: number, services: string[]): Change => ({
  id: String(at),
  kind: 'deploy',
  startAt: at,
  endAt: null,
  title: 'deploy',
  who: 'CI',
  services,
});

const alert = (id: string, wanted: Partial<Alert> = {}): Alert => ({
  id,
  fingerprint: '0000000000000001',
  name: 'SLOBurnRate',
  environment: 'production',
  service: 'payment',
  slo: 'payment-availability',
  severity: 'page',
  state: 'firing',
  startsAt: '2026-11-21T14:00:00.000Z',
  resolvedAt: null,
  summary: '',
  description: null,
  labels: {},
  annotations: {},
  runbookUrl: null,
  generatorUrl: null,
  receivers: [],
  groupKey: null,
  silencedBy: [],
  inhibitedBy: [],
  acknowledged: null,
  lastSeenAt: '2026-11-21T14:30:00.000Z',
  version: 1,
  ...wanted,
});

describe('overSince', () => {
  it('is the first value of the last unbroken stretch over the limit', () => {
    expect(overSince(grid, [0, 0.2, 0, 0.12, 0.13], 0.01)).toEqual({ atMs: minute(3), atLeast: false });
  });

  it('says “at least” when it was so from the beginning', () => {
    expect(overSince(grid, [0.2, 0.12], 0.01)).toEqual({ atMs: minute(0), atLeast: true });
  });

  it('does not guess across a gap, and is nothing when the newest value is fine', () => {
    expect(overSince(grid, [0.2, null, 0.12], 0.01)).toEqual({ atMs: minute(2), atLeast: false });
    expect(overSince(grid, [0.2, 0], 0.01)).toBeNull();
    expect(overSince(grid, [0.2, null], 0.01)).toBeNull();
  });
});

describe('changeBefore', () => {
  it('finds the last change of that service shortly before', () => {
    const changes = [change(minute(20), ['payment']), change(minute(28), ['payment']), change(minute(29), ['order'])];
    expect(changeBefore(changes, 'payment', minute(32), 60_000)?.startAt).toBe(minute(28));
  });

  it('does not blame an alert', () => {
    const fired = { ...change(minute(31), ['payment']), kind: 'alert' };
    expect(changeBefore([fired, change(minute(20), ['payment'])], 'payment', minute(32), 60_000)?.startAt).toBe(
      minute(20),
    );
  });

  it('blames neither what came later nor what was long before', () => {
    expect(changeBefore([change(minute(34), ['payment'])], 'payment', minute(32), 60_000)).toBeNull();
    expect(changeBefore([change(minute(0), ['payment'])], 'payment', minute(32), 60_000)).toBeNull();
  });
});

describe('needs', () => {
  const list = (items: ServiceSummary[], stale: ServiceList['stale'] = null) =>
    ({ items, sparklineGrid: grid, stale, source: { name: 'Prometheus' } }) as ServiceList;
  const overview = (items: ServiceSummary[], sources: Source[] = []) => ({
    services: list(items),
    servicesError: null,
    sources,
  });

  it('is empty when all is well, slow, idle or unknown', () => {
    const items = (['ok', 'slow', 'no_traffic', 'no_data', 'stale'] as const).map((state) => service(state, state));
    expect(needs(overview(items, [source('jaeger', 'late'), source('x', 'absent')]), [])).toEqual([]);
    expect(needs({ services: null, servicesError: null, sources: [] }, [])).toEqual([]);
  });

  it('puts a required source before failing services and other sources after them', () => {
    const found = needs(
      overview(
        [service('payment', 'failing', [0, 0.5]), service('order', 'ok')],
        [source('alertmanager', 'failing'), source('prometheus', 'failing', true)],
      ),
      [change(minute(0), ['payment'])],
    );
    expect(found.map(({ id }) => id)).toEqual(['source:prometheus', 'service:payment', 'source:alertmanager']);
    expect(found[1]).toMatchObject({ since: { atMs: minute(1) }, after: { startAt: minute(0) } });
  });

  it('says that it is blind before the checks of the source notice, and then says it once', () => {
    const stale = { since: '2026-11-21T14:26:00.000Z', reason: 'connection refused' };
    const blind = { services: list([], stale), servicesError: null, sources: [source('prometheus', 'ok', true)] };
    expect(needs(blind, [])).toMatchObject([{ kind: 'blind', name: 'Prometheus', since: stale.since }]);
    const noticed = { ...blind, sources: [source('prometheus', 'failing', true)] };
    expect(needs(noticed, []).map(({ kind }) => kind)).toEqual(['source']);
    const never = { services: null, servicesError: { code: 'source.unavailable', detail: 'refused' }, sources: [] };
    expect(needs(never, [])).toMatchObject([{ kind: 'blind', reason: 'refused' }]);
  });

  describe('with alerts', () => {
    const watchdog = { state: 'ok' as const, lastSeenAt: null, detail: '' };
    const withAlerts = (items: Alert[], services: ServiceSummary[] = [], sources: Source[] = []) => ({
      ...overview(services, sources),
      alerts: { items, more: 0, watchdog },
    });

    it('makes one thing of a failing service and what pages about it, tickets of the same SLO included', () => {
      const items = [
        alert('long'),
        alert('short', { startsAt: '2026-11-21T13:50:00.000Z' }),
        alert('same', { severity: 'ticket' }),
        alert('other', { severity: 'ticket', slo: 'payment-latency' }),
      ];
      const found = needs(withAlerts(items, [service('payment', 'failing')]), []);
      expect(found.map(({ id }) => id)).toEqual(['service:payment', 'alert:payment:payment-latency']);
      expect(found[0]).toMatchObject({ alerts: [{ id: 'short' }, { id: 'long' }, { id: 'same' }], quiet: false });
    });

    it('makes one thing of the alerts of an SLO, and one each of those without', () => {
      const items = [
        alert('ticket', { severity: 'ticket' }),
        alert('long'),
        alert('disk', { slo: null, service: null }),
        alert('node', { slo: null, service: null }),
      ];
      const found = needs(withAlerts(items), []);
      expect(found.map(({ id }) => id)).toEqual(['alert:disk', 'alert:payment:payment-availability', 'alert:node']);
      expect(found[1]).toMatchObject({ alerts: [{ id: 'long' }, { id: 'ticket' }] });
    });

    it('puts paged services first, then other pages, then failures without a page, tickets, sources, and the taken', () => {
      const items = [
        alert('taken', { service: 'order', slo: 'order-availability', state: 'acknowledged' }),
        alert('ticket', { slo: null, service: 'product', severity: 'ticket' }),
        alert('node', { slo: null, service: null }),
        alert('pay'),
      ];
      const services = [service('gateway', 'failing'), service('payment', 'failing'), service('order', 'failing')];
      const sources = [source('jaeger', 'failing'), source('prometheus', 'failing', true)];
      expect(needs(withAlerts(items, services, sources), []).map(({ id }) => id)).toEqual([
        'source:prometheus',
        'service:payment',
        'alert:node',
        'service:gateway',
        'alert:ticket',
        'source:jaeger',
        'service:order',
      ]);
    });

    it('keeps what somebody has taken, last and quiet, unless something new joined it', () => {
      const items = [alert('new'), alert('taken', { state: 'acknowledged', startsAt: '2026-11-21T13:00:00.000Z' })];
      expect(needs(withAlerts(items), [])).toMatchObject([{ alerts: [{ id: 'new' }, { id: 'taken' }], quiet: false }]);
      expect(needs(withAlerts(items.slice(1)), [])).toMatchObject([{ quiet: true }]);
    });

    it('says that the Watchdog is absent, and nothing while it was never seen', () => {
      const absent = {
        ...withAlerts([]),
        alerts: { items: [], more: 0, watchdog: { ...watchdog, state: 'absent' as const } },
      };
      expect(needs(absent, [])).toMatchObject([{ kind: 'watchdog' }]);
      const unknown = {
        ...withAlerts([]),
        alerts: { items: [], more: 0, watchdog: { ...watchdog, state: 'unknown' as const } },
      };
      expect(needs(unknown, [])).toEqual([]);
    });
  });
});
