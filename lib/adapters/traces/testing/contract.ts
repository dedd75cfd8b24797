import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TraceSourceError } from '../errors.ts';
import type { FoundTrace, TraceSearch, TraceSource } from '../port.ts';
import { exportRequest, type Shop, send, shop } from './fixture.ts';

/** A backend that runs, and what it cannot help doing. */
export interface Backend {
  source: TraceSource;
  /** Takes OTLP over HTTP. */
  otlpUrl: string;
  /** The version that it says, or what stands in for it. */
  version: string;
  stop(): Promise<void>;
  /** Times have microseconds only. */
  microseconds?: boolean;
  /** Searches answer summaries: no span that was found, times of whole traces, every environment. */
  summaries?: boolean;
}

/** Everything that a source of traces promises in the port. `start` begins anew for this suite. */
export function traceSourceContract(name: string, start: () => Promise<Backend>): void {
  describe(`traces of ${name}`, () => {
    let backend: Backend;
    let source: TraceSource;
    let data: Shop;
    let startMs: number;
    const environment = 'production';

    const range = () => ({ environment, fromMs: data.fromMs, toMs: data.toMs });
    const search = (wanted: Partial<TraceSearch>) =>
      source.search({ ...range(), attributes: [], limit: 50, order: 'newest', ...wanted });
    const idsOf = async (wanted: Partial<TraceSearch>) => (await search(wanted)).traces.map(({ traceId }) => traceId);
    const ns = (atMs: number) => BigInt(startMs + atMs) * 1_000_000n;
    const exact = (value: bigint) => (backend.microseconds ? (value / 1_000n) * 1_000n : value);
    const stock = (number: number) => `d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0${number.toString(16).padStart(2, '0')}`;

    beforeAll(async () => {
      backend = await start();
      source = backend.source;
      startMs = Math.floor(Date.now() / 1_000) * 1_000 - 110_000;
      data = shop(startMs);
      await send(backend.otlpUrl, exportRequest(data.traces, startMs));
      const deadline = Date.now() + 60_000;
      const seen = async () =>
        (await idsOf({ service: 'stock' })).length === 12 && (await source.trace(data.ids.ok)) !== null;
      while (!(await seen())) {
        if (Date.now() > deadline) throw new Error(`${name} does not show what was sent`);
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
    }, 120_000);
    afterAll(() => backend?.stop());

    describe('one trace', () => {
      test('has all its spans, with ids, parents, kinds and times', async () => {
        const trace = await source.trace(data.ids.ok);
        expect(trace).toMatchObject({ traceId: data.ids.ok, partial: false });
        const spans = trace?.spans.toSorted((a, b) => (a.spanId < b.spanId ? -1 : 1));
        expect(spans).toEqual([
          {
            spanId: '0000000000000a01',
            parentSpanId: null,
            service: 'web',
            name: 'GET /checkout',
            kind: 'server',
            status: 'unset',
            startNs: ns(10_000),
            durationNs: exact(100_000_001n),
            events: 0,
            links: 0,
          },
          expect.objectContaining({ spanId: '0000000000000a02', parentSpanId: '0000000000000a01', kind: 'client' }),
          expect.objectContaining({ spanId: '0000000000000a03', service: 'order', events: 1, links: 1 }),
          expect.objectContaining({ spanId: '0000000000000a04', startNs: ns(10_020), durationNs: 30_000_000n }),
        ]);
      });

      test('is found by a trimmed id and by one in capitals', async () => {
        for (const id of [data.ids.failed, 'f7651916cd43dd0', '0F7651916CD43DD0']) {
          const trace = await source.trace(id);
          expect(trace?.traceId).toBe(data.ids.failed);
          expect(trace?.spans.map(({ spanId, status }) => [spanId, status]).sort()).toEqual([
            ['0000000000000b01', 'unset'],
            ['0000000000000b02', 'error'],
          ]);
        }
      });

      test('is found where its time is known and where that time is wrong', async () => {
        expect(await source.trace(data.ids.orphan, { aroundMs: startMs + 30_000 })).not.toBeNull();
        const wrong = await source.trace(data.ids.twoRoots, { aroundMs: startMs - 10 * 3_600_000 });
        expect(wrong?.spans).toHaveLength(2);
      });

      test('keeps a parent that was not sent', async () => {
        const trace = await source.trace(data.ids.orphan);
        expect(trace?.spans).toMatchObject([{ parentSpanId: '00000000000000ff', kind: 'consumer' }]);
      });

      test('is null where there is none, whatever the id', async () => {
        for (const id of ['b'.repeat(32), 'not an id', '', '0'.repeat(32), 'a'.repeat(40), '../../etc']) {
          expect(await source.trace(id)).toBeNull();
          expect(await source.spans(id, ['0000000000000a01'])).toEqual([]);
          expect(await source.find(id, 'web')).toEqual([]);
        }
      });
    });

    describe('details', () => {
      test('come in the order asked for, without what is not there', async () => {
        const ids = ['0000000000000a04', 'ffffffffffffffff', 'nonsense', 'A01', '0000000000000a04'];
        const spans = await source.spans(data.ids.ok, ids);
        expect(spans.map(({ spanId }) => spanId)).toEqual(['0000000000000a04', '0000000000000a01']);
      });

      test('have attributes of every type, events, links, scope and resource', async () => {
        const [span] = await source.spans(data.ids.ok, ['0000000000000a03']);
        expect(span).toMatchObject({
          traceId: data.ids.ok,
          parentSpanId: '0000000000000a02',
          status: 'unset',
          statusMessage: null,
          scope: { name: 'shop' },
          attributes: {
            'http.route': '/orders',
            'http.response.status_code': 201,
            note: 'she said "yes" \\ ünï',
            huge: '9007199254740993',
            ratio: 0.5,
          },
          resource: { 'service.name': 'order', 'service.instance.id': 'order-1' },
          events: [{ name: 'reserved', timeNs: ns(10_040), attributes: { 'stock.left': 3 } }],
          links: [{ traceId: data.ids.failed, spanId: '0000000000000b01' }],
        });
        expect(Object.keys(span?.attributes ?? {}).sort()).toEqual(
          ['http.response.status_code', 'http.route', 'huge', 'note', 'order.id', 'ratio'].sort(),
        );
        const [root] = await source.spans(data.ids.ok, ['0000000000000a01']);
        expect(root?.attributes.sampled).toBe(true);
      });

      test('say why a span failed', async () => {
        const [span] = await source.spans(data.ids.failed, ['0000000000000b02']);
        expect(span).toMatchObject({ status: 'error', statusMessage: 'the card was refused' });
        expect(span?.events[0]).toMatchObject({ name: 'exception', attributes: { 'exception.type': 'CardRefused' } });
      });
    });

    test('finds text in names, services, messages, attributes and events, whatever the case', async () => {
      const { ok, failed } = data.ids;
      expect(await source.find(ok, 'SELECT STOCK')).toEqual(['0000000000000a04']);
      expect(await source.find(ok, 'ORD-17')).toEqual(['0000000000000a03']);
      expect(await source.find(ok, 'said "YES" \\')).toEqual(['0000000000000a03']);
      expect(await source.find(ok, 'reserved')).toEqual(['0000000000000a03']);
      expect(await source.find(ok, 'web')).toEqual(['0000000000000a01', '0000000000000a02']);
      expect(await source.find(failed, 'Card was')).toEqual(['0000000000000b02']);
      expect(await source.find(failed, 'cardrefused')).toEqual(['0000000000000b02']);
      expect(await source.find(ok, '100%_nothing')).toEqual([]);
    });

    describe('search', () => {
      test('lists a service newest first, each trace once, in a total order', async () => {
        const answer = await search({ service: 'stock' });
        expect(answer.truncated).toBe(false);
        expect(answer.sampling).toBeNull();
        const starts = answer.traces.map(({ match }) => match.startNs);
        expect(starts).toEqual(starts.toSorted((a, b) => (a < b ? 1 : a > b ? -1 : 0)));
        // The two that began at the same instant stand by their ids.
        expect(answer.traces.map(({ traceId }) => traceId)).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 1, 2].map(stock));
        expect(await idsOf({ service: 'stock' })).toEqual(answer.traces.map(({ traceId }) => traceId));
      });

      test('says what a trace consists of', async () => {
        const found = (await search({ service: 'order' })).traces.find(({ traceId }) => traceId === data.ids.ok);
        expect(found).toMatchObject({
          startNs: ns(10_000),
          root: { service: 'web', name: 'GET /checkout' },
          spanCount: 4,
          errorCount: 0,
          match: { service: 'order' },
        } satisfies Partial<FoundTrace> | object);
        expect(found?.durationNs).toBeGreaterThanOrEqual(100_000_000n);
        expect(found?.durationNs).toBeLessThanOrEqual(100_000_001n);
        expect(found?.services.toSorted((a, b) => (a.name < b.name ? -1 : 1))).toEqual([
          { name: 'order', spanCount: 2, errorCount: 0 },
          { name: 'web', spanCount: 2, errorCount: 0 },
        ]);
        if (backend.summaries) return;
        expect(found?.match).toEqual({
          spanId: '0000000000000a03',
          service: 'order',
          name: 'POST /orders',
          startNs: ns(10_010),
          durationNs: 80_000_000n,
          status: 'unset',
        });
      });

      test('shows traces whose root was not stored', async () => {
        const found = (await search({ service: 'order' })).traces.find(({ traceId }) => traceId === data.ids.orphan);
        expect(found).toMatchObject({ root: null, spanCount: 1 });
      });

      test('stops at its limit and says so', async () => {
        const answer = await search({ service: 'stock', limit: 5 });
        expect(answer.traces).toHaveLength(5);
        expect(answer.truncated).toBe(true);
        expect((await search({ service: 'stock', limit: 12 })).truncated).toBe(false);
      });

      test('keeps to its range, whose end is not part of it', async () => {
        const at = startMs + 40_000 + 4_000 * 5;
        expect(await idsOf({ service: 'stock', fromMs: at, toMs: at + 4_000 })).toEqual([stock(6)]);
        expect(await idsOf({ service: 'stock', fromMs: startMs - 60_000, toMs: startMs })).toEqual([]);
      });

      test('tells failed spans from others', async () => {
        expect(await idsOf({ service: 'order', status: 'error' })).toEqual([data.ids.failed]);
        const fine = await idsOf({ service: 'order', status: 'ok' });
        expect(fine).toContain(data.ids.ok);
        expect(fine).not.toContain(data.ids.failed);
        const [found] = (await search({ service: 'order', status: 'error' })).traces;
        expect(found).toMatchObject({ errorCount: 1, match: { status: 'error' } });
      });

      test('by operation', async () => {
        expect(await idsOf({ service: 'stock', operation: 'PUT /stock' })).toEqual([11, 9, 7, 5, 3, 1].map(stock));
        expect(await idsOf({ service: 'order', operation: 'SELECT stock' })).toEqual([data.ids.ok]);
        expect(await idsOf({ service: 'order', operation: 'no such' })).toEqual([]);
      });

      test('by duration', async () => {
        expect(await idsOf({ service: 'stock', minDurationMs: 100 })).toEqual([12, 11, 10].map(stock));
        expect(await idsOf({ service: 'stock', minDurationMs: 35, maxDurationMs: 50.5 })).toEqual([5, 4].map(stock));
      });

      test('by an attribute of the span, as text or as number, under its old and its new name', async () => {
        const by = (key: string, value: string, service = 'order') =>
          idsOf({ service, attributes: [{ key, operator: '=', value }] });
        expect(await by('order.id', 'ord-18')).toEqual([data.ids.failed]);
        expect(await by('http.response.status_code', '500')).toEqual([data.ids.failed]);
        expect(await by('http.status_code', '500')).toEqual([data.ids.failed]);
        const missing = [10, 7, 4, 1].map(stock);
        expect(await by('http.response.status_code', '404', 'stock')).toEqual(missing);
        expect(await by('http.status_code', '404', 'stock')).toEqual(missing);
        expect(await by('sampled', 'true', 'web')).toEqual([data.ids.ok]);
        expect(await by('order.id', 'ord-99')).toEqual([]);
      });

      test('by an attribute of the resource', async () => {
        const attributes = [
          { scope: 'resource' as const, key: 'service.version', operator: '=' as const, value: '1.5.0' },
        ];
        expect(await idsOf({ service: 'order', attributes })).toEqual([data.ids.failed]);
      });

      test('takes values as they are, whatever they contain', async () => {
        const by = (value: string) => idsOf({ service: 'order', attributes: [{ key: 'note', operator: '=', value }] });
        expect(await by('she said "yes" \\ ünï')).toEqual([data.ids.ok]);
        for (const value of [
          '" || true || "',
          "' OR 1=1 --",
          '\\',
          '"',
          'x" } || { "a" = "a',
          '\u0000',
          '%',
          '\ud800',
        ]) {
          expect(await by(value)).toEqual([]);
        }
        expect(await idsOf({ service: 'order" || "1" = "1' })).toEqual([]);
        expect(await idsOf({ service: 'order', operation: 'x" } || { name != "' })).toEqual([]);
        const odd = [{ key: 'a b"} || {', operator: '=' as const, value: '1' }];
        expect(await idsOf({ service: 'order', attributes: odd })).toEqual([]);
      });

      test('by what differs and by what exists, or refuses both', async () => {
        const { negation } = await source.capabilities();
        const differs = [{ key: 'http.response.status_code', operator: '!=' as const, value: '404' }];
        const exists = [{ key: 'order.id', operator: 'exists' as const }];
        if (!negation) {
          await expect(search({ service: 'stock', attributes: differs })).rejects.toMatchObject({ kind: 'bad_query' });
          await expect(search({ service: 'order', attributes: exists })).rejects.toMatchObject({ kind: 'bad_query' });
          return;
        }
        expect(await idsOf({ service: 'stock', attributes: differs })).toEqual([12, 11, 9, 8, 6, 5, 3, 2].map(stock));
        expect(await idsOf({ service: 'order', attributes: exists })).toEqual([data.ids.failed, data.ids.ok]);
      });

      test('without a service looks at whole traces, by their root, or refuses', async () => {
        if ((await source.capabilities()).serviceRequired) {
          await expect(search({})).rejects.toMatchObject({ kind: 'bad_query' });
          return;
        }
        const all = await idsOf({});
        expect(all.slice(0, 2)).toEqual([12, 11].map(stock));
        expect(all).not.toContain(data.ids.orphan);
        expect(all.filter((id) => id === data.ids.twoRoots)).toHaveLength(1);
        expect(await idsOf({ status: 'error' })).toEqual([data.ids.failed]);
        const [failed] = (await search({ status: 'error' })).traces;
        expect(failed).toMatchObject({ match: { service: 'web', name: 'GET /checkout', spanId: '0000000000000b01' } });
        expect(await idsOf({ status: 'ok', operation: 'GET /checkout' })).toEqual([data.ids.ok]);
        expect(await idsOf({ attributes: [{ key: 'order.id', operator: '=', value: 'ord-17' }] })).toEqual([
          data.ids.ok,
        ]);
        expect(await idsOf({ minDurationMs: 650 })).toEqual([data.ids.failed]);
      });

      test('keeps environments apart', async () => {
        if (backend.summaries) return;
        expect(await idsOf({ service: 'order', environment: 'staging' })).toEqual([data.ids.staging]);
        expect(await idsOf({ service: 'order' })).not.toContain(data.ids.staging);
        expect(await idsOf({ service: 'order', environment: 'nowhere' })).toEqual([]);
      });

      test('chooses evenly, and the same again', async () => {
        const first = await search({ service: 'stock', order: 'spread', limit: 8 });
        expect(first.traces.length).toBeGreaterThan(3);
        expect(first.traces.length).toBeLessThanOrEqual(8);
        const starts = first.traces.map(({ match }) => match.startNs);
        expect(starts).toEqual(starts.toSorted((a, b) => (a < b ? 1 : a > b ? -1 : 0)));
        expect((await search({ service: 'stock', order: 'spread', limit: 8 })).traces).toEqual(first.traces);
        expect(await idsOf({ service: 'stock', order: 'spread', limit: 200 })).toHaveLength(12);
      });

      test('takes its own language where it speaks one', async () => {
        const { queryLanguage } = await source.capabilities();
        if (queryLanguage === null) {
          await expect(search({ query: '{}' })).rejects.toMatchObject({ kind: 'bad_query' });
          return;
        }
        expect(await idsOf({ query: '{ name = "SELECT stock" }' })).toEqual([data.ids.ok]);
        expect(await idsOf({ query: '{ status = error }', service: 'order' })).toEqual([data.ids.failed]);
        const refused = await search({ query: '{ name = ' }).catch((error: unknown) => error);
        expect(refused).toBeInstanceOf(TraceSourceError);
        expect(refused).toMatchObject({ kind: 'bad_query', detail: expect.stringMatching(/parse|syntax/i) });
      });
    });

    test('hands out attributes of many traces, without those that are not there', async () => {
      const traces = await source.attributesOf([data.ids.ok, 'e'.repeat(32), 'nonsense', data.ids.failed]);
      expect(traces.map(({ traceId }) => traceId)).toEqual([data.ids.ok, data.ids.failed]);
      const spans = traces[0]?.spans.toSorted((a, b) => (a.spanId < b.spanId ? -1 : 1));
      expect(spans).toHaveLength(4);
      expect(spans?.[2]).toMatchObject({
        service: 'order',
        parentSpanId: '0000000000000a02',
        durationNs: 80_000_000n,
        attributes: { 'order.id': 'ord-17' },
        resource: { 'service.instance.id': 'order-1' },
      });
      expect(await source.attributesOf([])).toEqual([]);
    });

    describe('what exists', () => {
      test('services', async () => {
        expect(await source.services(range())).toEqual(['order', 'stock', 'web']);
      });

      test('operations of a service', async () => {
        expect(await source.operations({ ...range(), service: 'stock' })).toEqual(['GET /stock', 'PUT /stock']);
        expect(await source.operations({ ...range(), service: 'nobody' })).toEqual([]);
      });

      test('keys of attributes', async () => {
        const keys = await source.attributeKeys({ ...range(), service: 'order' });
        expect(keys).toEqual(
          expect.arrayContaining([
            expect.objectContaining({ scope: 'span', key: 'order.id' }),
            expect.objectContaining({ scope: 'resource', key: 'service.version' }),
          ]),
        );
        expect(new Set(keys.map(({ scope, key }) => `${scope} ${key}`)).size).toBe(keys.length);
      });

      test('values of attributes, typed ahead', async () => {
        const of = (key: string, scope: 'span' | 'resource', prefix?: string) =>
          source.attributeValues({ ...range(), service: 'order', scope, key, ...(prefix ? { prefix } : {}) });
        expect((await of('order.id', 'span')).sort()).toEqual(['ord-17', 'ord-18']);
        expect(await of('order.id', 'span', 'ORD-18')).toEqual(['ord-18']);
        expect(await of('order.id', 'span', '%')).toEqual([]);
        expect((await of('service.version', 'resource')).sort()).toEqual(['1.4.0', '1.5.0']);
        expect(await of('no such key', 'span')).toEqual([]);
      });
    });

    test('says its version or that it has none', async () => {
      const version = await source.version();
      expect(version === null || version.length > 0).toBe(true);
    });

    test('gives up when the caller does', async () => {
      const gone = AbortSignal.abort();
      for (const work of [
        source.search({ ...range(), service: 'order', attributes: [], limit: 5, order: 'newest' }, { signal: gone }),
        source.trace('b'.repeat(32), { signal: gone }),
      ]) {
        await expect(work).rejects.toBeInstanceOf(TraceSourceError);
      }
      expect(await source.trace(data.ids.ok)).not.toBeNull();
    });
  });
}
