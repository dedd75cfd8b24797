import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { forget } from '#lib/core/registry.ts';
import { createTelemetryDatabase, type TestDatabase } from '#lib/receiver/testing/setup.ts';
import { TraceSourceError } from '../errors.ts';
import type { TraceSearch } from '../port.ts';
import { searchStore } from './search.ts';
import { createEmbedded } from './source.ts';
import { readTrace } from './trace.ts';

const nsPerHour = 3_600_000_000_000n;
const hour = BigInt(Math.floor(Date.now() / 3_600_000)) - 1n;
const base = hour * nsPerHour;
const fromMs = Number(base / 1_000_000n);
const environment = 'production';

let database: TestDatabase;
const source = createEmbedded();

beforeAll(async () => {
  database = await createTelemetryDatabase();
  Object.assign(process.env, {
    DATABASE_URL: database.url,
    QD_SECRET: 'a secret of tests, 32 characters',
    QD_DEFAULT_ENVIRONMENT: environment,
  });
  forget('config');
  for (const offset of [-2n, -1n, 0n]) await database.query('SELECT telemetry.ensure_partition($1)', [hour + offset]);
});
afterAll(() => database.drop());

let last = 0;
const nextTrace = () => (++last).toString(16).padStart(32, 'e');

interface Row {
  traceId?: string;
  spanId?: string;
  parent?: string;
  /** Since the start of the hour. */
  atMs: number;
  durationMs?: number;
  environment?: string;
  service?: string;
  name?: string;
  kind?: number;
  status?: number;
  attributes?: object;
  sampledRatio?: number;
}

/** Spans as the receiver would leave them; the trace's id is returned. */
async function store(...rows: Row[]): Promise<string> {
  const traceId = rows[0]?.traceId ?? nextTrace();
  for (const [index, row] of rows.entries()) {
    await database.query(
      `INSERT INTO telemetry.span (trace_id, span_id, parent_span_id, start_ns, duration_ns, environment, service, name,
         kind, status, flags, resource_id, attributes, dropped_attributes, dropped_events, dropped_links, sampled_ratio)
       VALUES (decode($1, 'hex'), decode($2, 'hex'), decode($3, 'hex'), $4, $5, $6, $7, $8, $9, $10, 0,
         decode(md5($6 || $7), 'hex'), $11, 0, 0, 0, $12)`,
      [
        traceId,
        (row.spanId ?? String(index + 1)).padStart(16, '0'),
        row.parent?.padStart(16, '0') ?? null,
        base + BigInt(row.atMs) * 1_000_000n,
        BigInt(row.durationMs ?? 1) * 1_000_000n,
        row.environment ?? environment,
        row.service ?? 'shop',
        row.name ?? 'work',
        row.kind ?? 2,
        row.status ?? 0,
        JSON.stringify(row.attributes ?? {}),
        row.sampledRatio ?? 1,
      ],
    );
    await database.query(
      `INSERT INTO telemetry.resource (id, environment, service, attributes)
       VALUES (decode(md5($1 || $2), 'hex'), $1, $2, jsonb_build_object('service.name', $2::text)) ON CONFLICT DO NOTHING`,
      [row.environment ?? environment, row.service ?? 'shop'],
    );
  }
  return traceId;
}

const wanted = (search: Partial<TraceSearch>): TraceSearch => ({
  environment,
  fromMs,
  toMs: fromMs + 3_600_000,
  attributes: [],
  limit: 50,
  order: 'newest',
  ...search,
});
const idsOf = async (search: Partial<TraceSearch>) =>
  (await source.search(wanted(search))).traces.map(({ traceId }) => traceId);

describe('the span that stands for a trace', () => {
  test('is where the service takes over, so that a failed request is not also a fine one', async () => {
    const failed = await store(
      { service: 'entry', atMs: 0, status: 2 },
      { service: 'entry', parent: '1', atMs: 1, kind: 3 },
    );
    expect(await idsOf({ service: 'entry', status: 'error' })).toEqual([failed]);
    expect(await idsOf({ service: 'entry', status: 'ok' })).toEqual([]);
    expect(await idsOf({ service: 'entry', operation: 'work', status: 'ok' })).toEqual([failed]);
  });

  test('is the first one of a service that takes no requests', async () => {
    const trace = await store(
      { service: 'inner', parent: 'ff', spanId: '2', atMs: 10, kind: 1, name: 'second' },
      { service: 'inner', parent: 'ff', spanId: '1', atMs: 5, kind: 1, name: 'first' },
    );
    const [found] = (await source.search(wanted({ service: 'inner' }))).traces;
    expect(found).toMatchObject({ traceId: trace, root: null, match: { name: 'first' }, spanCount: 2 });
  });

  test('gives the trace its place, though a later one fits as well', async () => {
    const early = await store({ service: 'twice', atMs: 100 }, { service: 'twice', atMs: 900_000 });
    const between = await store({ service: 'twice', atMs: 500 });
    expect(await idsOf({ service: 'twice' })).toEqual([between, early]);
    const spread = await source.search(wanted({ service: 'twice', order: 'spread' }));
    expect(spread.traces.map(({ traceId, match }) => [traceId, match.startNs - base])).toEqual([
      [between, 500_000_000n],
      [early, 100_000_000n],
    ]);
  });

  test('is found across the hours, and its trace is counted as a whole', async () => {
    const trace = await store(
      { service: 'long', atMs: -1_000, durationMs: 5_000 },
      { service: 'other', parent: '1', atMs: 2_000, status: 2 },
    );
    const [found] = (await source.search(wanted({ fromMs: fromMs - 3_600_000, service: 'long' }))).traces;
    expect(found).toMatchObject({ traceId: trace, spanCount: 2, errorCount: 1, durationNs: 5_000_000_000n });
    expect((await source.trace(trace))?.spans).toHaveLength(2);
  });
});

test('a trace with more spans than fit is cut, and that is said', async () => {
  const trace = await store({ atMs: 0 }, { atMs: 1, parent: '1' }, { atMs: 2, parent: '1' });
  const cut = await readTrace('embedded', trace, { timeoutMs: 5_000 }, 2);
  expect([cut?.spans.length, cut?.partial]).toEqual([2, true]);
  const whole = await readTrace('embedded', trace, { timeoutMs: 5_000 }, 3);
  expect([whole?.spans.length, whole?.partial]).toEqual([3, false]);
});

test('what names no environment belongs to the default one', async () => {
  const nameless = await store({ service: 'nameless', environment: '', atMs: 0 });
  expect(await idsOf({ service: 'nameless' })).toEqual([nameless]);
  expect(await idsOf({ service: 'nameless', environment: 'staging' })).toEqual([]);
  const range = { environment, fromMs, toMs: fromMs + 3_600_000 };
  expect(await source.services(range)).toContain('nameless');
  expect(await source.services({ ...range, fromMs: fromMs - 7_200_000, toMs: fromMs - 3_600_000 })).not.toContain(
    'nameless',
  );
});

describe('sampling', () => {
  const minute = base / 60_000_000_000n;
  const add = (at: bigint, received: number, kept: number, ratio: number) =>
    database.query('INSERT INTO telemetry.sampling (minute, received, kept, least_ratio) VALUES ($1, $2, $3, $4)', [
      minute + at,
      received,
      kept,
      ratio,
    ]);

  test('is said for the minutes of the range in which something was left out', async () => {
    await add(1n, 1_000, 250, 0.2);
    await add(2n, 1_000, 750, 0.5);
    await add(10n, 400, 400, 1);
    const { sampling } = await source.search(wanted({}));
    expect(sampling).toEqual({
      keptRatio: 1_400 / 2_400,
      leastRatio: expect.closeTo(0.2, 5),
      rule: expect.any(String),
    });
    const later = await source.search(wanted({ fromMs: fromMs + 600_000, toMs: fromMs + 660_000 }));
    expect(later.sampling).toBeNull();
  });

  test('is said of each trace by its least', async () => {
    await store({ service: 'thin', atMs: 0 }, { service: 'thin', atMs: 1, kind: 1, parent: '1', sampledRatio: 0.25 });
    const [found] = (await source.search(wanted({ service: 'thin' }))).traces;
    expect(found?.sampledRatio).toBeCloseTo(0.25);
    expect((await source.trace(found?.traceId ?? ''))?.sampledRatio).toBeCloseTo(0.25);
  });
});

describe('a search that runs out of time', () => {
  /** A clock of which each look takes this long. */
  const clock = (stepMs: number) => {
    let at = 0;
    return () => {
      at += stepMs;
      return at;
    };
  };

  test('answers what it found and says which time was looked at', async () => {
    const recent = await store({ service: 'slow', atMs: 3_599_000, attributes: { rare: 'x' } });
    await store({ service: 'slow', atMs: 1_000, attributes: { rare: 'x' } });
    const search = wanted({ service: 'slow', attributes: [{ key: 'rare', operator: '!=', value: 'y' }] });
    const answer = await searchStore('embedded', search, { now: clock(1_100) });
    expect(answer.traces.map(({ traceId }) => traceId)).toEqual([recent]);
    expect(answer.truncated).toBe(true);
    expect(answer.notes).toHaveLength(1);
    expect(answer.notes[0]).toMatch(
      /^Filtering by rare means looking at every span: only \S+:5\d:\d\dZ to \S+:00:00Z was /,
    );
    expect((await searchStore('embedded', search)).traces).toHaveLength(2);
  });

  test('says so where nothing could be looked at', async () => {
    const answer = await searchStore('embedded', wanted({ service: 'slow' }), { now: clock(6_000) });
    expect(answer).toMatchObject({ traces: [], truncated: true });
    expect(answer.notes[0]).toContain('no part of the time asked for');
    const spread = await searchStore('embedded', wanted({ service: 'slow', order: 'spread' }), { now: clock(6_000) });
    expect(spread).toMatchObject({ traces: [], truncated: true, notes: [expect.stringContaining('nothing')] });
  });
});

test('an even choice comes from the whole range, the same each time', async () => {
  await database.query(
    `INSERT INTO telemetry.span (trace_id, span_id, start_ns, duration_ns, environment, service, name, kind, status,
       flags, resource_id, attributes, dropped_attributes, dropped_events, dropped_links)
     SELECT decode(md5(i::text), 'hex'), decode(lpad(to_hex(i), 16, '0'), 'hex'), $1::bigint + i * 100000000::bigint, 1,
       $2, 'busy', 'work', 2, (i % 10 = 0)::int * 2, 0, '\\x00', '{}', 0, 0, 0
     FROM generate_series(0, 35999) AS i`,
    [base, environment],
  );
  for (const search of [{ service: 'busy' }, { service: 'busy', status: 'error' as const }, {}]) {
    const spread = await source.search(wanted({ ...search, order: 'spread', limit: 100 }));
    expect(spread.truncated).toBe(true);
    expect(spread.traces).toHaveLength(100);
    const quarters = [0, 0, 0, 0];
    for (const { match } of spread.traces) {
      const quarter = Number(((match.startNs - base) * 4n) / nsPerHour);
      quarters[quarter] = (quarters[quarter] ?? 0) + 1;
    }
    for (const count of quarters) expect(count).toBeGreaterThan(8);
    const again = await source.search(wanted({ ...search, order: 'spread', limit: 100 }));
    expect(again.traces).toEqual(spread.traces);
  }
});

test('text is found in strings, not in the signs between them', async () => {
  const trace = await store(
    { atMs: 0, name: 'one', attributes: { list: ['a', 'b'], nested: { 'a:b': 'x, y' } } },
    { atMs: 1, name: 'two', attributes: { plain: 'word' } },
  );
  const first = '1'.padStart(16, '0');
  expect(await source.find(trace, '{')).toEqual([]);
  expect(await source.find(trace, '": "')).toEqual([]);
  expect(await source.find(trace, ', ')).toEqual([first]);
  expect(await source.find(trace, 'A:B')).toEqual([first]);
});

test('a filter by a value goes through the index of all attributes', async () => {
  const indexes = await database.query<{ indexdef: string }>(
    `SELECT indexdef FROM pg_indexes WHERE schemaname = 'telemetry' AND indexdef LIKE '%gin (attributes jsonb_path_ops)%'
       AND tablename LIKE 'span_%'`,
  );
  expect(indexes.length).toBeGreaterThanOrEqual(3);
  const keys = await source.attributeKeys({ environment, fromMs, toMs: fromMs + 3_600_000, service: 'shop' });
  expect(keys.find(({ key }) => key === 'plain')).toEqual({ scope: 'span', key: 'plain', indexed: true });
});

test('a trace of 20,000 spans is read whole', async () => {
  const traceId = nextTrace();
  await database.query(
    `INSERT INTO telemetry.span (trace_id, span_id, parent_span_id, start_ns, duration_ns, environment, service, name,
       kind, status, flags, resource_id, attributes, events, dropped_attributes, dropped_events, dropped_links)
     SELECT decode($1, 'hex'), decode(lpad(to_hex(i), 16, '0'), 'hex'),
       CASE WHEN i > 1 THEN decode(lpad(to_hex(i / 2), 16, '0'), 'hex') END, $2::bigint + i, i, $3, 'svc "' || i % 3, 'a,b' || i,
       i % 6, i % 3, 0, '\\x00', '{}', CASE WHEN i % 2 = 0 THEN '[{}, {}]'::jsonb END, 0, 0, 0
     FROM generate_series(1, 20000) AS i`,
    [traceId, base, environment],
  );
  const trace = await source.trace(traceId);
  const spans = trace?.spans.toSorted((a, b) => (a.startNs < b.startNs ? -1 : 1)) ?? [];
  expect(spans).toHaveLength(20_000);
  for (const [index, span] of [spans[0], spans[9_999], spans[19_999]].entries()) {
    const number = [1, 10_000, 20_000][index] as number;
    expect(span).toMatchObject({
      spanId: number.toString(16).padStart(16, '0'),
      service: `svc "${number % 3}`,
      name: `a,b${number}`,
      startNs: base + BigInt(number),
      durationNs: BigInt(number),
      events: number % 2 === 0 ? 2 : 0,
    });
  }
  expect(spans[0]?.parentSpanId).toBeNull();
  expect(spans[19_999]).toMatchObject({
    parentSpanId: (10_000).toString(16).padStart(16, '0'),
    kind: 'server',
    status: 'error',
  });
});

describe('Postgres in trouble', () => {
  const against = async (url: string) => {
    process.env.DATABASE_URL = url;
    forget('config');
    try {
      return await source.search(wanted({})).catch((error: unknown) => error);
    } finally {
      process.env.DATABASE_URL = database.url;
      forget('config');
    }
  };

  test('is a state of the source', async () => {
    const away = await against('postgresql://ann:s3cr3t@127.0.0.1:1/none');
    expect(away).toBeInstanceOf(TraceSourceError);
    expect(away).toMatchObject({ kind: 'unreachable', detail: expect.not.stringContaining('s3cr3t') });
    const bare = await against(process.env.TEST_DATABASE_URL ?? '');
    expect(bare).toMatchObject({ kind: 'refused', detail: expect.stringContaining('tables of the receiver') });
  });

  test('and a caller who leaves takes the statement along', async () => {
    const abort = new AbortController();
    const search = source.search(wanted({ service: 'busy', order: 'spread', limit: 1_000 }), { signal: abort.signal });
    setTimeout(() => abort.abort(), 2);
    const outcome = await search.then(
      () => 'answered',
      (error: unknown) => error,
    );
    if (outcome !== 'answered') expect(outcome).toMatchObject({ kind: 'timeout' });
    expect((await source.search(wanted({ service: 'busy', limit: 1 }))).traces).toHaveLength(1);
  });
});
