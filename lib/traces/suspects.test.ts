import { describe, expect, test } from 'vitest';
import { requestsOf } from './requests-rules.ts';
import { suspect } from './schemas.ts';
import { suspectsOf } from './suspects-rules.ts';
import { newTraceId, spanOf } from './testing/memory-source.ts';
import { analyzed, shopSpans } from './testing/traces.ts';

const subject = { service: 'payment', search: { env: 'production', from: 'F', to: 'T' } };
const untilMs = 1_700_000_000_000;

function suspects(
  options: Parameters<typeof shopSpans>[0],
  faults: Parameters<typeof suspectsOf>[1] = [],
  service = 'payment',
) {
  const requests = requestsOf(analyzed(shopSpans(options)), service);
  return suspectsOf(requests, faults, { ...subject, service });
}

describe('suspects of a failing service', () => {
  test('name the version that fails, with its share, a sentence and a search', () => {
    const [first] = suspects({ traces: 500, fails: ({ version }) => version === '4.2.0' });
    expect(suspect.safeParse(first).success).toBe(true);
    expect(first).toMatchObject({ kind: 'version', value: '4.2.0', failingRatio: 1, okRatio: 0, score: 1 });
    expect(first?.text).toBe('Version 4.2.0 served 100 % of the failing requests and 0 % of the successful ones.');
    expect(Object.fromEntries(new URLSearchParams(first?.search))).toEqual({
      env: 'production',
      from: 'F',
      to: 'T',
      service: 'payment',
      status: 'error',
      attr: 'resource.service.version=4.2.0',
    });
  });

  test('name the replica and the route', () => {
    const found = suspects({
      traces: 900,
      fails: ({ route, replica }) => route === 'POST /refunds' && replica === 'payment-1',
    });
    expect(
      found
        .slice(0, 2)
        .map(({ kind, value }) => `${kind} ${value}`)
        .sort(),
    ).toEqual(['replica payment-1', 'route POST /refunds']);
    expect(found.every(({ score }) => score >= 0.05)).toBe(true);
    expect(found.map(({ score }) => score)).toEqual(found.map(({ score }) => score).toSorted((a, b) => b - a));
  });

  test('name the dependency whose calls failed', () => {
    const found = suspects({ traces: 300, fails: ({ replica }) => replica === 'payment-1' }, [], 'order');
    expect(found[0]).toMatchObject({ kind: 'dependency', value: 'payment', failingRatio: 1, okRatio: 0 });
    expect(found[0]?.text).toBe(
      'A call to payment failed in 100 % of the failing requests and 0 % of the successful ones.',
    );
  });

  test('name the fault that was active, and none that was all the time', () => {
    const from = untilMs - 60_000;
    const found = suspects({ traces: 300, untilMs, fails: ({ atMs }) => atMs >= from }, [
      { title: 'Latency in payment', startMs: from, endMs: null },
      { title: 'Long ago', startMs: 0, endMs: null },
      { title: 'Before', startMs: from - 50_000, endMs: from - 10_000 },
    ]);
    expect(found.filter(({ kind }) => kind === 'fault')).toMatchObject([
      { value: 'Latency in payment', failingRatio: 1, okRatio: 0, score: 1 },
    ]);
  });

  test('are none where nothing failed, or everything', () => {
    expect(suspects({ traces: 50 })).toEqual([]);
    expect(suspects({ traces: 50, fails: () => true })).toEqual([]);
  });

  test('are none by chance', () => {
    const found = suspects({ traces: 3_000, fails: ({ atMs }) => (atMs / 1_000) % 3 === 0 });
    expect(found.filter(({ score }) => score > 0.1)).toEqual([]);
  });
});

describe('the requests of a service', () => {
  const traceId = newTraceId();
  const root = spanOf({ traceId, service: 'a', kind: 'internal' });
  test('are its spans that are called from elsewhere where none says that it serves', () => {
    const called = spanOf({ traceId, service: 'b', kind: 'internal', parentSpanId: root.spanId });
    const inner = spanOf({ traceId, service: 'b', kind: 'internal', parentSpanId: called.spanId });
    expect(requestsOf([{ traceId, spans: [root, called, inner] }], 'b').length).toBe(1);
  });
  test('name a database by its system', () => {
    const served = spanOf({ traceId, service: 'b', status: 'error' });
    const step = spanOf({ traceId, service: 'b', kind: 'internal', parentSpanId: served.spanId });
    const query = spanOf({
      traceId,
      service: 'b',
      kind: 'client',
      status: 'error',
      parentSpanId: step.spanId,
      attributes: { 'db.system.name': 'postgresql' },
    });
    const [request] = requestsOf([{ traceId, spans: [served, step, query] }], 'b');
    expect([...(request?.failedCalls ?? [])]).toEqual(['postgresql']);
  });
  test('do not hang on spans that are each other’s parents', () => {
    const one = spanOf({ traceId, service: 'b' });
    const two = spanOf({ traceId, service: 'b', kind: 'internal', parentSpanId: one.spanId });
    const ring = [{ ...one, parentSpanId: two.spanId }, two, { ...two, parentSpanId: two.spanId }];
    expect(requestsOf([{ traceId, spans: ring }], 'b').length).toBe(1);
  });
});
