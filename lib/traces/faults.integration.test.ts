import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { setTraceSources } from '#lib/adapters/traces/index.ts';
import type { SpanDetail } from '#lib/adapters/traces/port.ts';
import { forget } from '#lib/core/registry.ts';
import { withTransaction } from '#lib/db/index.ts';
import { useTestDatabase } from '#lib/db/testing/database.ts';
import { appendFact } from '#lib/facts/index.ts';
import type { Receiver } from '#lib/receiver/receiver.ts';
import { startTestReceiver } from '#lib/receiver/testing/setup.ts';
import type { Analysis, ComparedAttribute, SuspectList, TraceList } from './schemas.ts';
import { apiOf } from './testing/api.ts';
import { exportSpans } from './testing/otlp.ts';
import { shopSpans } from './testing/traces.ts';

let done: () => Promise<void>;
let receiver: Receiver;
let spans: SpanDetail[];
const ask = apiOf();
const nowMs = Date.now();
const untilMs = nowMs - 20_000;
const brokenFromMs = untilMs - 300_000;
const traces = 600;

async function get<T>(path: string): Promise<T> {
  const { status, body } = await ask(path);
  expect(body).toMatchObject(status === 200 ? {} : { status: 200 });
  return body as T;
}

beforeAll(async () => {
  done = await useTestDatabase({
    OTLP_URL: 'http://127.0.0.1:4318',
    TRACES_URL: '',
    QD_DEFAULT_ENVIRONMENT: 'production',
  });
  for (const name of ['shared-answers', 'traces.located']) forget(name);
  setTraceSources(null);
  receiver = await startTestReceiver(process.env.DATABASE_URL ?? '', { keepSpansPerSecond: 1_000_000 });
  spans = shopSpans({
    traces,
    untilMs,
    fails: ({ route, replica, atMs }) => route === 'POST /charges' && replica === 'payment-2' && atMs >= brokenFromMs,
  });
  await exportSpans(receiver.url, spans);
  const stored = async () => (await get<TraceList>('/traces?service=payment&limit=1000')).items.length;
  const deadline = Date.now() + 30_000;
  while ((await stored()) < traces) {
    if (Date.now() > deadline) throw new Error(`only ${await stored()} of ${traces} traces were stored`);
    await new Promise((resolve) => setTimeout(resolve, 250));
    forget('shared-answers');
  }
});
afterAll(async () => {
  await receiver?.close();
  setTraceSources(null);
  await done();
});

const named = ({ service, key }: ComparedAttribute) => (service === null ? key : `${service} ${key}`);
const failing = () =>
  spans.filter(({ service, kind, status }) => service === 'payment' && kind === 'server' && status === 'error');

describe('a fault that hits one route on one replica', () => {
  test.each([
    ['of the service', '&service=payment'],
    ['of whole traces', ''],
  ])('comes out on top of errors against the rest %s', async (_, search) => {
    const found = await get<Analysis>(`/traces/analyze?cohort=errors${search}`);
    expect(found.selection).toEqual({ label: 'errors', traces: failing().length, truncated: false });
    expect(found.baseline.traces).toBe(traces - failing().length);
    const [first] = found.attributes;
    expect(first && named(first)).toBe('payment route on replica');
    expect(first?.values[0]).toMatchObject({ value: 'POST /charges on payment-2', selectionRatio: 1 });
    expect(found.attributes.slice(1, 4).map(named).toSorted()).toEqual([
      'payment http.route',
      'payment operation',
      'payment service.instance.id',
    ]);
    expect(found.attributes.filter(({ symptom }) => symptom).map(({ key }) => key)).toContain(
      'http.response.status_code',
    );
    expect(found.sources).toMatchObject([{ id: 'embedded', outcome: 'answered' }]);
  });

  test('its values are filters that find the traces again', async () => {
    const { attributes } = await get<Analysis>('/traces/analyze?cohort=errors&service=payment');
    const replica = attributes.find(({ key, service }) => key === 'service.instance.id' && service === 'payment');
    const { filter, selection, baseline } = replica?.values[0] ?? {};
    const query = new URLSearchParams({ service: 'payment', limit: '1000', attribute: filter ?? '' });
    const { items } = await get<TraceList>(`/traces?${query}`);
    expect(items.length).toBe((selection ?? 0) + (baseline ?? 0));
  });

  test('comes out on top of a box that was drawn round it', async () => {
    const [from, to] = [new Date(brokenFromMs).toISOString(), new Date(untilMs + 1_000).toISOString()];
    const box = `boxFrom=${from}&boxTo=${to}&boxMinMs=0&boxMaxMs=100000`;
    const inside = await get<Analysis>(`/traces/analyze?cohort=box&${box}`);
    expect([inside.selection.traces, inside.baseline.traces]).toEqual([301, traces - 301]);
    const symptoms = inside.attributes.filter(({ symptom }) => symptom);
    expect(symptoms.map(({ key }) => key)).toContain('http.response.status_code');
  });

  test('is told by before and after, and by a window', async () => {
    const at = new Date(brokenFromMs).toISOString();
    const after = await get<Analysis>(`/traces/analyze?cohort=after&at=${at}`);
    expect(after.selection.traces + after.baseline.traces).toBe(traces);
    expect(after.attributes.map(named)).toContain('payment error.type');
    const window = await get<Analysis>(
      `/traces/analyze?cohort=window&windowFrom=${at}&windowTo=${new Date(untilMs - 100_000).toISOString()}`,
    );
    expect(window.selection.traces).toBe(200);
    expect(window.baseline.traces).toBe(traces - 200);
  });

  test('slow traces are held against the rest from the p95 on', async () => {
    const slow = await get<Analysis>('/traces/analyze?cohort=slow&service=payment');
    expect(slow.selection.traces).toBe(Math.floor(traces * 0.05) + 1);
    expect(slow.selection.label).toMatch(/^\d+(\.\d+)? ms or longer$/);
    const known = await get<Analysis>('/traces/analyze?cohort=slow&service=payment&slowMs=1');
    expect(known.selection.traces).toBe(traces);
  });

  test('is the first suspect of the service, with the fault that was active', async () => {
    await withTransaction((tx) =>
      appendFact(tx, {
        actor: { kind: 'job', id: 'test', name: 'Test' },
        environment: 'production',
        kind: 'fault',
        services: ['payment'],
        startAt: new Date(brokenFromMs),
        endAt: null,
        subject: { kind: 'experiment', id: '1' },
        title: 'Errors in payment',
        source: 'test',
      }),
    );
    const found = await get<SuspectList>('/services/payment/suspects');
    expect([found.failing, found.ok]).toEqual([failing().length, traces - failing().length]);
    expect(
      found.items
        .slice(0, 3)
        .map(({ kind, value }) => `${kind} ${value}`)
        .toSorted(),
    ).toEqual(['fault Errors in payment', 'replica payment-2', 'route POST /charges']);
    for (const { failingRatio, score, text } of found.items.slice(0, 3)) {
      expect(failingRatio).toBe(1);
      expect(score).toBeGreaterThan(0.4);
      expect(text).toMatch(/100 % of the failing requests/);
    }
    const caller = await get<SuspectList>('/services/order/suspects');
    expect(caller.items[0]).toMatchObject({ kind: 'dependency', value: 'payment', failingRatio: 1, okRatio: 0 });
  });

  test('is in one trace of it, whole', async () => {
    const [one] = failing();
    const found = await get<{ spanCount: number; errorCount: number; environment: string }>(`/traces/${one?.traceId}`);
    expect(found).toMatchObject({ spanCount: 5, errorCount: 4, environment: 'production', flaws: [] });
    const snapshot = await get<{ spans: SpanDetail[] }>(`/traces/${one?.traceId}/snapshot`);
    expect(snapshot.spans.map(({ attributes }) => attributes['http.route']).filter(Boolean)).toEqual([
      '/api/orders',
      '/orders',
      '/charges',
    ]);
  });
});
