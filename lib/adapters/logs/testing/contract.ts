import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '#lib/receiver/testing/setup.ts';
import type { LogLine, LogPosition, LogQuery, LogSource } from '../port.ts';
import type { SentLine } from './otlp.ts';

export interface Backend {
  source: LogSource;
  send(lines: readonly SentLine[]): Promise<void>;
  close(): Promise<void>;
}

const second = 1_000_000_000n;
const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';
const otherSpanId = '00f067aa0ba902b7';
const nasty = 'a "quoted" back\\slash {brace} [b] (p) .* 100% a_b $1 ^x| 日本 ✓';
const attributeName = (key: string) => key.replace(/[^a-zA-Z0-9_]/g, '_');

/** Whole minutes, some of them ago: old enough for nothing to be in the future. */
function makeLines(startNs: bigint): SentLine[] {
  const order = Array.from(
    { length: 25 },
    (_, index): SentLine => ({
      timeNs: startNs + BigInt(index) * second,
      environment: 'production',
      service: 'order',
      instance: index % 2 === 0 ? 'order-1' : 'order-2',
      level: 'info',
      severityText: 'INFO',
      body: `Order ${index} placed`,
      attributes: {
        'http.route': index % 5 === 0 ? '/orders/:id' : '/orders',
        status: 200 + (index % 3),
        ok: index > 3,
      },
    }),
  );
  const payment: SentLine[] = [
    { level: 'warn', body: 'slow answer of the provider', traceId, spanId: otherSpanId },
    { level: 'error', body: 'Charge declined: insufficient funds', traceId, spanId },
    { level: 'fatal', body: 'out of memory' },
    { level: 'debug', body: 'cache miss' },
    { level: 'trace', body: 'entered settle()' },
    { body: 'declined once more' },
    { level: 'info', body: nasty },
    { level: 'info', body: { event: 'settled', amount: 12 } },
  ].map((line, index) => ({
    timeNs: startNs + 30n * second + BigInt(index),
    environment: 'production',
    service: 'payment',
    instance: 'payment-1',
    ...(line as Pick<SentLine, 'body' | 'level'>),
  }));
  const ties = Array.from(
    { length: 7 },
    (_, index): SentLine => ({
      timeNs: startNs + 60n * second,
      environment: 'production',
      service: 'ties',
      level: 'info',
      body: `tie ${index}`,
    }),
  );
  return [
    ...order,
    ...payment,
    ...ties,
    { timeNs: startNs + 61n * second, environment: 'staging', service: 'order', level: 'error', body: 'staging only' },
    { timeNs: startNs + 62n * second, service: 'homeless', level: 'info', body: 'without an environment' },
    // Exactly on the border of a minute, and a millisecond before it.
    {
      timeNs: startNs + 120n * second - 1_000_000n,
      environment: 'production',
      service: 'border',
      level: 'info',
      body: 'before',
    },
    { timeNs: startNs + 120n * second, environment: 'production', service: 'border', level: 'warn', body: 'after' },
  ];
}

/** What every source of logs must do alike. `open` starts it for the default environment `production`. */
export function describeLogSource(name: string, open: () => Promise<Backend>): void {
  describe(name, () => {
    const startNs = (BigInt(Date.now()) / 60_000n) * 60n * second - 600n * second;
    const endNs = startNs + 180n * second;
    const lines = makeLines(startNs);
    let backend: Backend;

    beforeAll(async () => {
      backend = await open();
      await backend.send(lines);
      await until(async () => (await all({})).length === lines.length - 1, 30_000);
    }, 120_000);
    afterAll(() => backend?.close());

    const query = (change: Partial<LogQuery>): LogQuery => ({
      environment: 'production',
      fromNs: startNs,
      toNs: endNs,
      services: [],
      attributes: [],
      ...change,
    });
    const search = async (change: Partial<LogQuery>, limit = 100, order: 'newest' | 'oldest' = 'oldest') =>
      backend.source.search(query(change), { limit, order });
    const all = async (change: Partial<LogQuery>) => (await search(change)).lines;
    const bodies = async (change: Partial<LogQuery>) => (await all(change)).map(({ body }) => body);
    const sent = (where: (line: SentLine) => boolean) =>
      lines.filter((line) => line.environment !== 'staging' && where(line)).length;

    it('gives lines of an environment with all that they have', async () => {
      const [line] = await all({ traceId, spanId });
      expect(line).toMatchObject({
        timeNs: startNs + 30n * second + 1n,
        environment: 'production',
        service: 'payment',
        level: 'error',
        body: 'Charge declined: insufficient funds',
        bodyIsJson: false,
        traceId,
        spanId,
        scope: 'suite',
      });
      expect(line?.resource).toMatchObject({ [keyOf(line, 'service.instance.id')]: 'payment-1' });
      expect((await bodies({ environment: 'staging' })).sort()).toEqual(['staging only']);
      expect(await all({ environment: 'nowhere' })).toEqual([]);
      const [homeless] = await all({ services: ['homeless'] });
      expect(homeless).toMatchObject({ environment: 'production', body: 'without an environment' });
    });

    it('keeps a structured body as JSON text', async () => {
      const found = (await all({ services: ['payment'] })).filter(({ bodyIsJson }) => bodyIsJson);
      expect(found.map(({ body }) => JSON.parse(body))).toEqual([{ event: 'settled', amount: 12 }]);
    });

    it('orders by time both ways', async () => {
      const up = await all({});
      const down = (await search({}, 100, 'newest')).lines;
      expect(down.map(({ id }) => id)).toEqual(up.map(({ id }) => id).reverse());
      const times = up.map(({ timeNs }) => timeNs);
      expect(times).toEqual([...times].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
    });

    it.each(['newest', 'oldest'] as const)(
      'goes through everything page by page, %s first, ties included',
      async (order) => {
        const whole = (await search({}, 100, order)).lines.map(({ id }) => id);
        const paged: string[] = [];
        let after: LogPosition | undefined;
        for (let page = 0; page < 100; page++) {
          const answer = await backend.source.search(query({}), { limit: 3, order, after });
          paged.push(...answer.lines.map(({ id }) => id));
          expect(answer.lines.length).toBeLessThanOrEqual(3);
          if (!answer.truncated) break;
          expect(answer.lines).toHaveLength(3);
          after = answer.lines.at(-1);
        }
        expect(paged).toEqual(whole);
        expect(new Set(paged).size).toBe(lines.length - 1);
      },
    );

    it('says when more matched than it gave', async () => {
      expect(await search({ services: ['ties'] }, 7)).toMatchObject({ truncated: false });
      expect(await search({ services: ['ties'] }, 6)).toMatchObject({ truncated: true });
    });

    it('takes the start of a range and leaves out its end', async () => {
      const at = startNs + 120n * second;
      expect(await bodies({ services: ['border'], fromNs: at })).toEqual(['after']);
      expect(await bodies({ services: ['border'], toNs: at })).toEqual(['before']);
      expect(await all({ fromNs: at, toNs: at })).toEqual([]);
    });

    it('narrows to services', async () => {
      expect(await all({ services: ['order'] })).toHaveLength(25);
      expect(await all({ services: ['order', 'ties'] })).toHaveLength(32);
      expect(await all({ services: ['ord'] })).toEqual([]);
      expect(await all({ services: ['or.er', 'x"y\\'] })).toEqual([]);
    });

    it('narrows to a level and what is worse', async () => {
      const payment = (atLeast: LogQuery['atLeast']) => bodies({ services: ['payment'], atLeast });
      expect(await payment('fatal')).toEqual(['out of memory']);
      expect(await payment('error')).toEqual(['Charge declined: insufficient funds', 'out of memory']);
      expect(await payment('warn')).toHaveLength(3);
      // A line without a level is not known to be of any.
      expect(await payment('trace')).toHaveLength(7);
      expect((await all({ services: ['payment'] })).filter(({ level }) => level === null)).toHaveLength(1);
    });

    it.each([
      ['declined', 2],
      ['DECLINED', 2],
      ['insufficient CHARGE', 1],
      ['"insufficient funds"', 1],
      ['"funds insufficient"', 0],
      ['clin', 2],
      ['ed', 30],
      ['"declined:', 1],
      ['nowhere', 0],
      ['order nowhere', 0],
    ])('finds the words %s in %d lines', async (text, count) => {
      expect(await all({ text })).toHaveLength(count);
    });

    it.each([
      '100%',
      'a_b',
      'axb',
      '.*',
      '[b]',
      '{brace}',
      '(p)',
      'back\\slash',
      '\\',
      '$1',
      '^x|',
      '日本',
      '✓',
      "'",
      '`',
      '""',
    ])('takes %s for what it is', async (text) => {
      const expected = lines.filter(
        ({ body, environment }) =>
          environment !== 'staging' &&
          (text === '""' || (typeof body === 'string' ? body : JSON.stringify(body)).includes(text)),
      );
      expect(await all({ text })).toHaveLength(expected.length);
    });

    it('finds a phrase with quotes in it', async () => {
      expect(await bodies({ text: '"a \\"quoted\\" back\\\\slash"' })).toEqual([nasty]);
    });

    it('narrows to a trace and a span', async () => {
      expect(await all({ traceId })).toHaveLength(2);
      expect(await all({ traceId, spanId: otherSpanId })).toHaveLength(1);
      expect(await all({ traceId: 'ff'.repeat(16) })).toEqual([]);
    });

    it.each([
      ['=', 'http.route', '/orders', (line: SentLine) => line.attributes?.['http.route'] === '/orders'],
      ['!=', 'http.route', '/orders', (line: SentLine) => line.attributes?.['http.route'] !== '/orders'],
      ['exists', 'http.route', undefined, (line: SentLine) => line.attributes !== undefined],
      ['=', 'status', '201', (line: SentLine) => line.attributes?.status === 201],
      ['=', 'ok', 'true', (line: SentLine) => line.attributes?.ok === true],
      ['=', 'service.instance.id', 'order-2', (line: SentLine) => line.instance === 'order-2'],
      ['!=', 'service.instance.id', 'order-2', (line: SentLine) => line.instance !== 'order-2'],
      ['exists', 'service.instance.id', undefined, (line: SentLine) => line.instance !== undefined],
      ['=', 'host.arch', 'amd64', () => true],
      ['=', 'no.such.key', 'x', () => false],
      ['!=', 'no.such.key', 'x', () => true],
      ['=', 'http.route', '" or 1=1 --', () => false],
    ] as const)('keeps lines whose attribute is %s %s %s', async (operator, key, value, fits) => {
      expect(await all({ attributes: [{ key, operator, value }] })).toHaveLength(sent(fits));
    });

    it('asks several things at once', async () => {
      const found = await bodies({
        services: ['order'],
        text: 'placed',
        atLeast: 'info',
        attributes: [
          { key: 'http.route', operator: '=', value: '/orders/:id' },
          { key: 'status', operator: '!=', value: '200' },
        ],
      });
      expect(found).toEqual(['Order 5 placed', 'Order 10 placed', 'Order 20 placed']);
    });

    it('counts by level in whole buckets, as many as it finds', async () => {
      const histogram = await backend.source.histogram(query({}), 3);
      expect(histogram).toMatchObject({ stepMs: 60_000, fromMs: Number(startNs / 1_000_000n), exact: true });
      expect(histogram.counts).toEqual({
        trace: [1, 0, 0],
        debug: [1, 0, 0],
        info: [27, 9, 0],
        warn: [1, 0, 1],
        error: [1, 0, 0],
        fatal: [1, 0, 0],
        none: [1, 0, 0],
      });
      const narrow = await backend.source.histogram(query({ text: 'declined', services: ['payment'] }), 3);
      expect(
        Object.values(narrow.counts)
          .flat()
          .reduce((sum, count) => sum + count, 0),
      ).toBe(2);
      expect((await backend.source.histogram(query({ environment: 'nowhere' }), 3)).counts.info).toEqual([0, 0, 0]);
    });

    it('gives the lines around one, of the same service and instance', async () => {
      const focus = (await all({ services: ['order'], text: '"Order 10 "' }))[0] as LogLine;
      const around = await backend.source.context(focus, { before: 2, after: 3 });
      expect(around?.map(({ body }) => body)).toEqual([6, 8, 10, 12, 14, 16].map((index) => `Order ${index} placed`));
      const first = await backend.source.context((await all({ services: ['order'] }))[0] as LogLine, {
        before: 5,
        after: 0,
      });
      expect(first?.map(({ body }) => body)).toEqual(['Order 0 placed']);
      expect(await backend.source.context({ ...focus, id: 'ab'.repeat(16) }, { before: 1, after: 1 })).toBeNull();
      expect(await backend.source.context({ ...focus, environment: 'staging' }, { before: 1, after: 1 })).toBeNull();
    });

    it('names services, attributes and values that there are', async () => {
      const range = {
        environment: 'production',
        fromMs: Number(startNs / 1_000_000n),
        toMs: Number(endNs / 1_000_000n),
      };
      expect(await backend.source.services(range)).toEqual(['border', 'homeless', 'order', 'payment', 'ties']);
      expect(await backend.source.services({ ...range, environment: 'staging' })).toEqual(['order']);
      const keys = (await backend.source.attributeKeys({ ...range, service: 'order' })).map(({ key }) =>
        attributeName(key),
      );
      expect(keys).toEqual(expect.arrayContaining(['http_route', 'status', 'ok', 'service_instance_id']));
      const values = (key: string, prefix?: string) =>
        backend.source.attributeValues({ ...range, service: 'order', key, prefix });
      expect(await values('http.route')).toEqual(['/orders', '/orders/:id']);
      expect(await values('http.route', '/ORDERS/')).toEqual(['/orders/:id']);
      expect((await values('service.instance.id')).sort()).toEqual(['order-1', 'order-2']);
      expect(await values('no.such.key')).toEqual([]);
    });

    it('follows what arrives, each line once, the late ones too, and ends when told', async () => {
      const service = `tailed-${Date.now()}`;
      const line = (body: string, agoMs = 0): SentLine => ({
        timeNs: BigInt(Date.now() - agoMs) * 1_000_000n,
        environment: 'production',
        service,
        level: 'info',
        body,
      });
      const stop = new AbortController();
      const seen: string[] = [];
      const following = (async () => {
        const tail = backend.source.tail(
          { ...query({ services: [service], text: 'wanted' }), fromNs: startNs },
          { signal: stop.signal, mostPerSecond: 1_000 },
        );
        for await (const { lines: batch } of tail) seen.push(...batch.map(({ body }) => body));
      })();
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      await backend.send([line('wanted 1'), line('not this one')]);
      await expect.poll(() => seen, { timeout: 15_000 }).toEqual(['wanted 1']);
      await backend.send([line('wanted 2'), line('wanted late', 30_000)]);
      await expect.poll(() => [...seen].sort(), { timeout: 15_000 }).toEqual(['wanted 1', 'wanted 2', 'wanted late']);
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      expect(seen).toHaveLength(3);
      stop.abort();
      await following;
    }, 60_000);

    it('leaves out of a tail what is too much, and counts it', async () => {
      const service = `burst-${Date.now()}`;
      const stop = new AbortController();
      let given = 0;
      let dropped = 0;
      const following = (async () => {
        const tail = backend.source.tail(
          { ...query({ services: [service] }), fromNs: startNs },
          { signal: stop.signal, mostPerSecond: 20 },
        );
        for await (const batch of tail) {
          given += batch.lines.length;
          dropped += batch.dropped;
        }
      })();
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      const nowNs = BigInt(Date.now()) * 1_000_000n;
      await backend.send(
        Array.from({ length: 200 }, (_, index) => ({
          timeNs: nowNs + BigInt(index),
          environment: 'production',
          service,
          body: `burst ${index}`,
        })),
      );
      await expect.poll(() => given + dropped, { timeout: 15_000 }).toBe(200);
      expect(given).toBeGreaterThan(0);
      expect(given).toBeLessThanOrEqual(100);
      stop.abort();
      await following;
    }, 60_000);

    it('stops when nobody waits any more', async () => {
      const stop = new AbortController();
      stop.abort();
      await expect(
        backend.source.search(query({}), { limit: 1, order: 'newest' }, { signal: stop.signal }),
      ).rejects.toThrow();
    });

    it('says its version, or that it has none', async () => {
      expect(await backend.source.version()).toSatisfy((version) => version === null || /\d/.test(version));
    });
  });
}

/** The name that a source gives to an attribute: Loki knows no dots. */
function keyOf(line: LogLine | undefined, key: string): string {
  return line && key in line.resource ? key : attributeName(key);
}
