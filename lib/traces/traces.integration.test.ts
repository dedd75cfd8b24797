import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { TraceSourceError } from '#lib/adapters/traces/errors.ts';
import { setTraceSources } from '#lib/adapters/traces/index.ts';
import type { SpanDetail, TraceSource } from '#lib/adapters/traces/port.ts';
import { fullScope } from '#lib/core/actor.ts';
import { type Context, contextFor } from '#lib/core/context.ts';
import { forget } from '#lib/core/registry.ts';
import { db, withTransaction } from '#lib/db/index.ts';
import { useTestDatabase } from '#lib/db/testing/database.ts';
import { appendFact, type NewFact } from '#lib/facts/index.ts';
import { routes } from './routes.ts';
import { snapshotDigest } from './snapshot.ts';
import { type actors, apiOf } from './testing/api.ts';
import { memorySource, newTraceId, spanOf } from './testing/memory-source.ts';
import { cpuMs, largeTrace } from './testing/rows.ts';
import { shopSpans } from './testing/traces.ts';
import { joinTrace, traceWithin } from './under-way.ts';

let done: () => Promise<void>;
const ask = apiOf();
const nowMs = Date.now();
const nsAgo = (ms: number) => BigInt(nowMs - ms) * 1_000_000n;

/** Only what the schema of its route says. */
async function get(path: string, as?: keyof typeof actors) {
  const answer = await ask(path, as);
  expect(answer.body).toMatchObject(answer.status === 200 ? {} : { status: 200 });
  const pattern = (route: string) => new RegExp(`^${route.replace(/\{\w+\}/g, '[^/?]+')}(\\?|$)`);
  const route = routes.find((one) => pattern(one.path).test(path));
  expect(route?.response?.safeParse(answer.body).error?.issues ?? []).toEqual([]);
  return answer.body;
}

beforeAll(async () => {
  done = await useTestDatabase({ OTLP_URL: '', QD_DEFAULT_ENVIRONMENT: 'production' });
});
afterAll(async () => {
  setTraceSources(null);
  await done();
});
beforeEach(() => {
  for (const name of ['shared-answers', 'traces.located']) forget(name);
});
const use = (...sources: TraceSource[]) => setTraceSources(sources);

const trace = (ms: number, ...more: Partial<SpanDetail>[]): SpanDetail[] => {
  const traceId = newTraceId();
  const root = spanOf({ traceId, startNs: nsAgo(ms), ...more[0] });
  return [
    root,
    ...more.slice(1).map((span) => spanOf({ traceId, parentSpanId: root.spanId, startNs: root.startNs, ...span })),
  ];
};

describe('a search', () => {
  const shared = trace(2_000);
  const first = [...trace(1_000, { service: 'order' }), ...shared, ...trace(5_000)];
  const second = [
    ...trace(3_000),
    shared[0] as SpanDetail,
    spanOf({ traceId: shared[0]?.traceId ?? '', parentSpanId: 'x' }),
  ];

  test('merges what sources found by time, a trace in two of them once, from the one that has more of it', async () => {
    use(
      memorySource(first, { id: 'one', name: 'One' }),
      memorySource(second, { id: 'two', name: 'Two', kind: 'jaeger' }),
    );
    const list = await get('/traces');
    expect(list.items.map(({ traceId, source }: { traceId: string; source: string }) => [traceId, source])).toEqual([
      [first[0]?.traceId, 'one'],
      [shared[0]?.traceId, 'two'],
      [second[0]?.traceId, 'two'],
      [first[2]?.traceId, 'one'],
    ]);
    expect(list).toMatchObject({
      truncated: false,
      notes: [],
      sources: [
        { id: 'one', outcome: 'answered', detail: null },
        { id: 'two', kind: 'jaeger', outcome: 'answered' },
      ],
    });
    expect(list.items[0]).toMatchObject({
      at: new Date(nowMs - 1_000).toISOString(),
      startNs: String(nsAgo(1_000)),
      durationMs: 10,
      root: { service: 'order', name: 'GET /orders' },
      spanCount: 1,
    });
  });

  test('cuts to the limit and says so', async () => {
    use(memorySource(first, { id: 'one' }), memorySource(second, { id: 'two' }));
    const list = await get('/traces?limit=2');
    expect([list.items.length, list.truncated]).toEqual([2, true]);
    const spread = await get('/traces?limit=2&order=spread');
    expect([spread.items.length, spread.truncated]).toEqual([2, true]);
    forget('shared-answers');
    expect((await get('/traces?limit=2&order=spread')).items).toEqual(spread.items);
  });

  test('goes on without a source that fails, and says which and why', async () => {
    use(
      memorySource(first, { id: 'one', name: 'One' }),
      memorySource([], { id: 'two', name: 'Two', failsWith: 'timeout' }),
    );
    const list = await get('/traces');
    expect(list.items.length).toBe(3);
    expect(list.notes).toEqual(['Two did not answer: it is timeout today']);
    expect(list.sources[1]).toMatchObject({ outcome: 'failed', detail: 'it is timeout today' });
  });

  test('fails where every source does, with what each says', async () => {
    use(
      memorySource([], { name: 'One', failsWith: 'unreachable' }),
      memorySource([], { name: 'Two', failsWith: 'garbled' }),
    );
    const { status, body } = await ask('/traces');
    expect([status, body.code, body.detail]).toEqual([
      503,
      'source.unavailable',
      'One: it is unreachable today Two: it is garbled today',
    ]);
  });

  test('says that a query is not valid, or that nobody speaks its language', async () => {
    const q = encodeURIComponent('{ span.a = 1 ');
    use(memorySource([], { failsWith: 'bad_query', capabilities: { queryLanguage: 'traceql' } }));
    expect(await ask(`/traces?q=${q}`)).toMatchObject({ status: 400, body: { code: 'traces.query_invalid' } });
    use(memorySource([], { name: 'One' }));
    expect(await ask(`/traces?q=${q}`)).toMatchObject({
      status: 400,
      body: { code: 'traces.query_invalid', detail: 'One: It speaks no TraceQL.' },
    });
  });

  test('leaves out sources that cannot take it', async () => {
    use(
      memorySource(first, { id: 'one', name: 'One' }),
      memorySource(second, { id: 'two', name: 'Two', capabilities: { serviceRequired: true } }),
      memorySource(second, { id: 'three', name: 'Three', capabilities: { negation: false } }),
    );
    const list = await get('/traces?attribute=a');
    expect(list.sources.map(({ outcome }: { outcome: string }) => outcome)).toEqual(['answered', 'skipped', 'skipped']);
    expect(list.notes).toEqual([
      'Two was not asked: It can search only within one service: choose one.',
      'Three was not asked: It can search attributes only by “=”.',
    ]);
  });

  test('asks one source where one is named', async () => {
    use(memorySource(first, { id: 'one' }), memorySource(second, { id: 'two' }));
    expect((await get('/traces?source=two')).items.length).toBe(2);
    expect(await ask('/traces?source=three')).toMatchObject({ status: 404, body: { code: 'source.unknown' } });
  });

  test.each([
    ['attribute==x', 'attribute[0]'],
    ['attribute=a&attribute=%3Dx', 'attribute[1]'],
    ['limit=0', 'limit'],
    ['limit=1001', 'limit'],
    ['order=oldest', 'order'],
    ['status=bad', 'status'],
    ['minDurationMs=-1', 'minDurationMs'],
    ['minDurationMs=5&maxDurationMs=4', 'maxDurationMs'],
    ['from=now-1h&to=now-2h', 'from'],
    ['from=yesterday', 'from'],
    ['service=', 'service'],
    [`${'attribute=a&'.repeat(21)}limit=1`, 'attribute'],
  ])('refuses %s, naming the field', async (query, path) => {
    use(memorySource(first));
    const { status, body } = await ask(`/traces?${query}`);
    expect([status, body.code, body.errors?.[0]?.path]).toEqual([400, 'request.invalid', path]);
  });

  test('says that there is no source', async () => {
    use();
    expect(await ask('/traces')).toMatchObject({ status: 503, body: { code: 'source.unavailable' } });
  });

  test('can name what there is', async () => {
    use(
      memorySource(shopSpans({ traces: 50 }), { id: 'one' }),
      memorySource(trace(1_000, { service: 'zeta', attributes: { zone: 'b' } }), {
        id: 'two',
        capabilities: { queryLanguage: 'traceql', notes: ['It keeps a day.'] },
      }),
    );
    const facets = await get('/traces/facets?service=payment');
    expect(facets).toMatchObject({
      services: ['gateway', 'order', 'payment', 'zeta'],
      queryLanguage: 'traceql',
      serviceRequired: false,
      notes: ['It keeps a day.'],
    });
    expect(facets.operations).toContain('SELECT charge');
    expect(facets.attributes.map(({ key }: { key: string }) => key)).toContain('zone');
    expect(await get('/traces/values?key=payment.currency&prefix=E')).toEqual({
      key: 'payment.currency',
      values: ['EUR'],
    });
  });
});

describe('one trace', () => {
  const spans = trace(10_000, { service: 'gateway' }, { service: 'payment', status: 'error', name: 'POST /charges' });
  const { traceId, spanId } = spans[0] as SpanDetail;

  test('is had in columns, with where it was found and where not', async () => {
    use(
      memorySource([], { id: 'one', name: 'One', kind: 'jaeger' }),
      memorySource(spans, { id: 'two', name: 'Two', kind: 'tempo', partial: true }),
      memorySource([], { id: 'three', name: 'Three', failsWith: 'refused' }),
    );
    const found = await get(`/traces/${traceId.replace(/^0+/, '').toUpperCase()}`);
    expect(found).toMatchObject({
      traceId,
      environment: 'production',
      source: { id: 'two', name: 'Two', kind: 'tempo' },
      sources: [
        { id: 'one', outcome: 'not_found' },
        { id: 'two', outcome: 'found' },
        { id: 'three', outcome: 'failed', detail: 'it is refused today' },
      ],
      services: ['gateway', 'payment'],
      spanCount: 2,
      errorCount: 1,
      depth: 2,
      facts: [],
    });
    expect(found.flaws).toEqual([
      { kind: 'partial', text: 'Two cut this trace short: it has more spans than are here.', spans: [] },
    ]);
  });

  test('is taken from the source that has more of it', async () => {
    use(memorySource(spans.slice(1), { id: 'one' }), memorySource(spans, { id: 'two' }));
    expect((await get(`/traces/${traceId}`)).source.id).toBe('two');
  });

  test('is not held up by a source that is slow', async () => {
    use(memorySource(spans, { id: 'one' }), memorySource(spans, { id: 'two', delayMs: 30_000 }));
    const began = performance.now();
    const { sources } = await get(`/traces/${traceId}`);
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(sources[1]).toMatchObject({ outcome: 'failed', detail: 'It did not answer within 1.5 s of the others.' });
  });

  test('that no source has is told to be missing, with why', async () => {
    use(memorySource(spans, { name: 'One' }), memorySource([], { name: 'Two', failsWith: 'timeout' }));
    const missing = '4bf92f3577b34da6a3ce929d0e0e4736';
    const { status, body } = await ask(`/traces/${missing}?at=${new Date(nowMs - 3_600_000).toISOString()}`);
    expect([status, body.code]).toEqual([404, 'traces.not_found']);
    expect(body.detail).toContain(`One does not have the trace ${missing}.`);
    expect(body.detail).toContain('Two could not be asked: it is timeout today');
    expect(body.detail).toMatch(/sampling/);
    const recent = await ask(`/traces/${missing}?at=${new Date().toISOString()}`);
    expect(recent.body.detail).toContain('it may not have arrived yet');
  });

  test('tells how much was kept at that time', async () => {
    const source = memorySource(spans, { name: 'One' });
    const sampling = { keptRatio: 0.4, leastRatio: 0.125, rule: 'errors and slow traces always' };
    use({ ...source, search: async (...given) => ({ ...(await source.search(...given)), sampling }) });
    const { body } = await ask('/traces/4bf92f3577b34da6a3ce929d0e0e4736?at=now-1h');
    expect(body.detail).toContain(
      'at that time as few as 13 % of ordinary traces were kept (errors and slow traces always)',
    );
  });

  test('cannot be looked for where no source answers, or by what is no id', async () => {
    use(memorySource([], { failsWith: 'unreachable' }));
    expect(await ask(`/traces/${traceId}`)).toMatchObject({ status: 503, body: { code: 'source.unavailable' } });
    use(memorySource([], { failsWith: 'too_large' }));
    expect(await ask(`/traces/${traceId}`)).toMatchObject({ status: 413, body: { code: 'traces.too_large' } });
    for (const id of ['payment', '0', '1'.repeat(33)]) {
      expect(await ask(`/traces/${id}`)).toMatchObject({ status: 400, body: { errors: [{ path: 'traceId' }] } });
    }
  });

  test('gives details of spans in the order asked for, and finds text in them', async () => {
    use(memorySource([]), memorySource(spans, { id: 'two' }));
    const ids = spans.map((span) => span.spanId).reverse();
    const details = await get(`/traces/${traceId}/spans?${ids.map((id) => `id=${id}`).join('&')}&id=${'f'.repeat(16)}`);
    expect(details.items.map((item: { spanId: string }) => item.spanId)).toEqual(ids);
    expect(details.items[0]).toMatchObject({
      service: 'payment',
      startNs: String(nsAgo(10_000)),
      durationNs: 10_000_000,
    });
    expect((await get(`/traces/${traceId}/find?text=charges`)).spanIds).toEqual([ids[0]]);
    expect(await ask(`/traces/${traceId}/spans?id=zz`)).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'id[0]' }] },
    });
    expect((await ask(`/traces/${traceId}/find`)).status).toBe(400);
  });

  test('has statistics, and what it waited for', async () => {
    use(memorySource(spans));
    const { services, criticalPath } = await get(`/traces/${traceId}/statistics`);
    expect(services.map(({ service }: { service: string }) => service).toSorted()).toEqual(['gateway', 'payment']);
    expect(criticalPath.at(-1).toNs).toBe(10_000_000);
  });

  test('is compared with another', async () => {
    const other = trace(5_000, { service: 'gateway', durationNs: 900_000_000n });
    use(memorySource([...spans, ...other]));
    const { a, b, summary } = await get(`/traces/compare?a=${traceId}&b=${other[0]?.traceId}`);
    expect([a.spanCount, b.spanCount, a.root]).toEqual([2, 1, { service: 'gateway', name: 'GET /orders' }]);
    expect(summary[0]).toBe('B takes 900 ms, 890 ms longer than A (10 ms).');
    expect((await ask(`/traces/compare?a=${traceId}`)).status).toBe(400);
  });

  test('is kept as a whole with one digest, in whatever order it is read', async () => {
    use(memorySource(spans));
    const snapshot = await get(`/traces/${traceId}/snapshot`);
    expect(snapshot).toMatchObject({ format: 'quarterdeck.trace/1', traceId, spans: [{ spanId }, {}] });
    expect(snapshot.sha256).toBe(snapshotDigest(traceId, snapshot.spans));
    use(memorySource(spans.toReversed()));
    expect((await get(`/traces/${traceId}/snapshot`)).sha256).toBe(snapshot.sha256);
    use(memorySource(spans.map((span) => ({ ...span, attributes: { changed: true } }))));
    expect((await get(`/traces/${traceId}/snapshot`)).sha256).not.toBe(snapshot.sha256);
  });

  test('of 50,000 spans travels as columns', async () => {
    const large = largeTrace(50_000, 'wide').map(({ events: _, links: __, ...row }) =>
      spanOf({ traceId, ...row, startNs: row.startNs - 1_700_000_000_000_000_000n + nsAgo(60_000) }),
    );
    use(memorySource(large));
    const began = cpuMs();
    const { text } = await ask(`/traces/${traceId}`);
    expect(cpuMs() - began).toBeLessThan(3_000);
    expect(text.length).toBeLessThan(50_000 * 75);
    expect(await ask(`/traces/${traceId}/snapshot`)).toMatchObject({ status: 413, body: { code: 'traces.too_large' } });
  });
});

describe('what happened meanwhile', () => {
  const spans = trace(600_000, { service: 'gateway' }, { service: 'payment' });
  const traceId = spans[0]?.traceId;
  const at = (msAgo: number) => new Date(nowMs - msAgo);

  beforeAll(async () => {
    const every = {
      environment: 'production',
      actor: { kind: 'job' as const, id: 'test', name: 'Test' },
      subject: { kind: 'test', id: '1' },
      source: 'test',
    };
    await withTransaction(async (tx) => {
      const add = (fact: Omit<NewFact, keyof typeof every>) => appendFact(tx, { ...every, ...fact });
      await add({ kind: 'fault', services: ['payment'], startAt: at(700_000), endAt: at(500_000), title: 'Latency' });
      await add({ kind: 'fault', services: ['payment'], startAt: at(700_000), endAt: at(650_000), title: 'Over' });
      await add({ kind: 'fault', services: ['stock'], startAt: at(700_000), endAt: null, title: 'Elsewhere' });
      await add({ kind: 'deploy', services: ['gateway'], startAt: at(900_000), title: 'gateway 2.0.0' });
      await add({ kind: 'deploy', services: ['gateway'], startAt: at(9_000_000), title: 'Long ago' });
      await add({
        kind: 'fault',
        services: ['payment'],
        startAt: at(700_000),
        title: 'Secret',
        audience: 'role:admin',
      });
    });
  });
  const titles = async (as?: keyof typeof actors) =>
    (await get(`/traces/${traceId}`, as)).facts.map(({ title }: { title: string }) => title).toSorted();

  test('is told beside a trace: faults while it ran, changes shortly before, as far as one may see', async () => {
    use(memorySource(spans));
    expect(await titles()).toEqual(['Latency', 'gateway 2.0.0']);
    expect(await titles('admin')).toEqual(['Latency', 'Secret', 'gateway 2.0.0']);
  });
});

describe('a page', () => {
  const spans = trace(2_000, {}, {});
  const traceId = spans[0]?.traceId ?? '';
  const person = (id: string): Context =>
    contextFor({ kind: 'person', id, name: id, role: 'viewer', scope: { ...fullScope } });
  const counted = (delayMs: number) => {
    const source = memorySource(spans, { delayMs });
    let readings = 0;
    use({
      ...source,
      trace: (...asked) => {
        readings += 1;
        return source.trace(...asked);
      },
    });
    return () => readings;
  };

  test('that does not wait for its trace leaves what it began to the question of the same person', async () => {
    const readings = counted(60);
    const wanted = { traceId, patienceMs: 10, mostSpans: 100 };
    expect(await traceWithin(person('a'), wanted)).toBeNull();
    expect((await joinTrace(person('a'), traceId)).spanCount).toBe(2);
    expect(readings()).toBe(1);
    await joinTrace(person('a'), traceId);
    expect(readings()).toBe(2);
    await traceWithin(person('a'), wanted);
    await joinTrace(person('b'), traceId);
    expect(readings()).toBe(4);
  });

  test('has a small trace that comes soon at once, and a large one never', async () => {
    counted(0);
    const wanted = { traceId, patienceMs: 5_000 };
    expect((await traceWithin(person('a'), { ...wanted, mostSpans: 2 }))?.spanCount).toBe(2);
    expect(await traceWithin(person('a'), { ...wanted, mostSpans: 1 })).toBeNull();
  });
});

describe('a token', () => {
  const whole = shopSpans({ traces: 3, untilMs: nowMs - 5_000 });
  const own = trace(4_000, { service: 'payment', resource: { 'deployment.environment.name': 'production' } });
  const wholeId = whole[0]?.traceId;
  const ownId = own[0]?.traceId;
  beforeEach(() => use(memorySource([...whole, ...own])));

  const refused = async (path: string, as: keyof typeof actors, detail: RegExp) => {
    const { status, body } = await ask(path, as);
    expect([path, status, body.code]).toEqual([path, 403, 'auth.scope_too_narrow']);
    expect(body.detail).toMatch(detail);
  };

  test('of another environment searches nothing and reads no trace', async () => {
    await refused('/traces', 'staging', /does not reach production/);
    await refused('/traces/facets', 'staging', /does not reach production/);
    await refused('/traces/values?key=a', 'staging', /does not reach production/);
    await refused('/traces/analyze?cohort=errors', 'staging', /does not reach production/);
    await refused('/services/payment/suspects', 'staging', /does not reach production/);
    await refused(`/traces/${ownId}`, 'staging', /crosses the environment production/);
    expect((await get(`/traces/${ownId}`, 'production')).spanCount).toBe(1);
    expect((await get('/traces?env=staging', 'staging')).items.length).toBeGreaterThan(0);
  });

  test('of some environments is not told what a source lists that keeps none apart', async () => {
    use(memorySource(whole, { id: 'jaeger', kind: 'jaeger' }), memorySource(own));
    const { services, sources } = await get('/traces/facets', 'production');
    expect(services).toEqual(['payment']);
    expect(sources).toMatchObject([
      { id: 'jaeger', outcome: 'skipped' },
      { id: 'memory', outcome: 'answered' },
    ]);
    expect((await get('/traces/facets')).services.length).toBeGreaterThan(1);
    expect((await get('/traces/values?key=http.route', 'production')).values).toEqual([]);
  });

  test('of another environment reads no trace of which one span was there, though its service is here as well', async () => {
    const environment = (name: string) => ({ 'deployment.environment.name': name });
    const mirrored = trace(
      4_000,
      { service: 'payment', resource: environment('production') },
      { service: 'payment', resource: environment('staging') },
    );
    use(memorySource(mirrored));
    const id = mirrored[0]?.traceId;
    for (const rest of ['', '/statistics', '/snapshot', `/spans?id=${mirrored[1]?.spanId}`, '/find?text=a']) {
      await refused(`/traces/${id}${rest}`, 'production', /crosses the environment staging\.$/);
    }
    expect((await get(`/traces/${id}`, 'payment')).spanCount).toBe(2);
  });

  test('reads no trace where its environments cannot be had, and is told why', async () => {
    const fails = async () => Promise.reject(new TraceSourceError('memory', 'timeout', 'it is slow today'));
    use({ ...memorySource(own), attributesOf: fails });
    const { status, body } = await ask(`/traces/${ownId}`, 'production');
    expect([status, body.code]).toEqual([503, 'source.unavailable']);
    use({ ...memorySource(own), attributesOf: async () => [] });
    await refused(`/traces/${ownId}`, 'production', /Not all of this one/);
  });

  test('of some services searches within one of them, by name', async () => {
    await refused('/traces', 'payment', /reaches only payment/);
    await refused('/traces?service=order', 'payment', /does not reach order/);
    await refused('/traces?service=payment&q=%7B%7D', 'payment', /TraceQL/);
    await refused('/traces/facets', 'payment', /reaches only payment/);
    expect((await get('/traces?service=payment', 'payment')).items.length).toBe(4);
  });

  test('of some services is told of no others, also where all was told a moment before', async () => {
    const told = async (as?: keyof typeof actors) => {
      const list = await get('/traces?service=payment', as);
      return list.items.find(({ traceId }: { traceId: string }) => traceId === wholeId);
    };
    const all = await told();
    expect([all.root.service, all.spanCount, all.services.length]).toEqual(['gateway', 5, 3]);
    const own = all.services.find(({ name }: { name: string }) => name === 'payment');
    expect(await told('payment')).toMatchObject({ root: null, services: [own], spanCount: own.spanCount });
    expect(await told('shop')).toEqual(all);
    expect((await get('/traces/facets?service=payment')).services).toEqual(['gateway', 'order', 'payment']);
    expect((await get('/traces/facets?service=payment', 'payment')).services).toEqual(['payment']);
  });

  test('of some services reads only traces of nothing else, in every form', async () => {
    const span = whole[0]?.spanId;
    for (const rest of ['', '/statistics', '/snapshot', `/spans?id=${span}`, '/find?text=a']) {
      await refused(`/traces/${wholeId}${rest}`, 'payment', /crosses gateway, order/);
    }
    await refused(`/traces/compare?a=${ownId}&b=${wholeId}`, 'payment', /crosses gateway, order/);
    const audited = await db().auditRecord.findMany({ where: { verb: 'traces.see', actorName: 'Payment only' } });
    expect(audited.length).toBe(6);
    expect((await get(`/traces/${ownId}`, 'payment')).spanCount).toBe(1);
    expect((await get(`/traces/${wholeId}`, 'shop')).spanCount).toBe(5);
  });

  test('of some services analyzes nothing: traces cross the others', async () => {
    await refused('/traces/analyze?cohort=errors&service=payment', 'payment', /every service/);
    await refused('/services/payment/suspects', 'payment', /every service/);
  });
});

describe('an analysis', () => {
  test.each([
    ['cohort=box', 'boxFrom'],
    ['cohort=after', 'at'],
    ['cohort=window&windowFrom=now-5m', 'windowTo'],
    ['cohort=all', 'cohort'],
    ['', 'cohort'],
    ['cohort=after&at=now-2h', 'at'],
    ['cohort=window&windowFrom=now-5m&windowTo=now-6m', 'windowFrom'],
    ['cohort=errors&status=error', 'status'],
    ['cohort=box&boxFrom=now-5m&boxTo=now&boxMinMs=5&boxMaxMs=1', 'boxMinMs'],
  ])('refuses %s', async (query, path) => {
    use(memorySource([]));
    const { status, body } = await ask(`/traces/analyze?${query}`);
    expect([status, body.errors?.[0]?.path]).toEqual([400, path]);
  });

  test('of nothing says that there is nothing', async () => {
    use(memorySource([]));
    const found = await get('/traces/analyze?cohort=slow');
    expect(found).toMatchObject({ attributes: [], selection: { traces: 0 }, baseline: { traces: 0 } });
    expect(found.notes).toEqual([
      'No trace is in “slow”: there is nothing to compare.',
      'No trace is in “the rest”: there is nothing to compare.',
    ]);
  });
});
