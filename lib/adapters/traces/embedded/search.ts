import { TraceSourceError } from '../errors.ts';
import { type CallOptions, type FoundTrace, spanStatuses, type TraceSearch, type TraceSearchAnswer } from '../port.ts';
import { isIndexed, matchConditions, type Scope, spansOf, traceConditions } from './conditions.ts';
import { read } from './pool.ts';
import { samplingOf } from './sampling.ts';
import { findScope } from './scope.ts';
import { type Range, slicesBackwards } from './slices.ts';
import { msToNs, Parameters } from './sql.ts';
import { summarise } from './summary.ts';

/** What a whole search may take, in milliseconds. */
const searchMs = 5_000;
/** A statement with less time than this is not begun. */
const leastMs = 50;

interface Match {
  trace_id: string;
  span_id: string;
  service: string;
  name: string;
  start_ns: string;
  duration_ns: string;
  status: number;
}

const matchColumns = (alias: string) => `encode(${alias}.trace_id, 'hex') AS trace_id,
  encode(${alias}.span_id, 'hex') AS span_id, ${alias}.service, ${alias}.name, ${alias}.start_ns::text,
  ${alias}.duration_ns::text, ${alias}.status`;

interface Found {
  matches: Match[];
  truncated: boolean;
  notes: string[];
}

/** What the steps of one search share. */
interface Plan {
  sourceId: string;
  search: TraceSearch;
  scope: Scope;
  range: Range;
  signal: AbortSignal | undefined;
  now: () => number;
  deadline: number;
}

export async function searchStore(
  sourceId: string,
  search: TraceSearch,
  { signal, now = () => performance.now() }: CallOptions & { now?: () => number } = {},
): Promise<TraceSearchAnswer> {
  if (search.query !== undefined) {
    throw new TraceSourceError(sourceId, 'bad_query', 'This store speaks no query language. Search by fields instead.');
  }
  const range = { fromNs: msToNs(search.fromMs), toNs: msToNs(search.toMs) };
  const limits = { timeoutMs: searchMs, signal };
  const scope = await findScope(sourceId, search, range, limits);
  const plan: Plan = { sourceId, search, scope, range, signal, now, deadline: now() + searchMs };
  const found = search.order === 'spread' ? await findSpread(plan) : await findNewest(plan);
  const [summaries, sampling] = await Promise.all([
    summarise(
      sourceId,
      found.matches.map(({ trace_id }) => trace_id),
      range,
      limits,
    ),
    samplingOf(sourceId, range, limits),
  ]);
  const traces = found.matches.map((match): FoundTrace => {
    const startNs = BigInt(match.start_ns);
    const durationNs = BigInt(match.duration_ns);
    const summary = summaries.get(match.trace_id);
    return {
      traceId: match.trace_id,
      startNs: summary?.startNs ?? startNs,
      durationNs: summary?.durationNs ?? durationNs,
      root: summary?.root ?? null,
      match: {
        spanId: match.span_id,
        service: match.service,
        name: match.name,
        startNs,
        durationNs,
        status: spanStatuses[match.status] ?? 'unset',
      },
      spanCount: summary?.spanCount ?? null,
      errorCount: summary?.errorCount ?? null,
      services: summary?.services ?? [],
      sampledRatio: summary?.sampledRatio ?? null,
    };
  });
  return { traces, truncated: found.truncated, notes: found.notes, sampling };
}

const limitsOf = ({ deadline, now, signal }: Plan) => ({ timeoutMs: deadline - now(), signal });

/**
 * Goes back from the end in slices, so that a search that has to look at every span still answers with what it found
 * when its time is up, and says how far it got.
 */
async function findNewest(plan: Plan): Promise<Found> {
  const { search, range } = plan;
  const matches: Match[] = [];
  for (const { slice, took } of slicesBackwards(range)) {
    const startedAt = plan.now();
    if (plan.deadline - startedAt < leastMs) return cutShort(matches, search, slice.toNs, range);
    const { text, values } = newestSql(plan, slice, search.limit + 1 - matches.length);
    try {
      matches.push(...(await read<Match>(plan.sourceId, text, values, limitsOf(plan))));
    } catch (error) {
      const late = error instanceof TraceSourceError && error.kind === 'timeout' && !plan.signal?.aborted;
      if (!late) throw error;
      return cutShort(matches, search, slice.toNs, range);
    }
    if (matches.length > search.limit) break;
    took(plan.now() - startedAt);
  }
  return { matches: matches.slice(0, search.limit), truncated: matches.length > search.limit, notes: [] };
}

function cutShort(matches: Match[], search: TraceSearch, lookedFromNs: bigint, { fromNs, toNs }: Range): Found {
  const scanned = search.attributes.filter((filter) => !isIndexed(filter)).map(({ key }) => key);
  const why =
    scanned.length > 0
      ? `Filtering by ${scanned.join(', ')} means looking at every span`
      : 'The search reads more than it has time for';
  const looked =
    lookedFromNs === toNs
      ? 'no part of the time asked for could be looked at'
      : `only ${clock(lookedFromNs)} to ${clock(toNs)} was looked at, not what began from ${clock(fromNs)} on`;
  return {
    matches: matches.slice(0, search.limit),
    truncated: true,
    notes: [`${why}: ${looked}. Narrow the time or name a service.`],
  };
}

const clock = (ns: bigint) => `${new Date(Number(ns / 1_000_000n)).toISOString().slice(0, 19)}Z`;

function newestSql({ search, scope, range }: Plan, slice: Range, limit: number): { text: string; values: unknown[] } {
  const parameters = new Parameters();
  const from = parameters.add(slice.fromNs, 'bigint');
  const to = parameters.add(slice.toNs, 'bigint');
  const first = parameters.add(range.fromNs, 'bigint');
  const candidate = [
    `s.start_ns >= ${from} AND s.start_ns < ${to}`,
    ...matchConditions('s', search, scope, parameters),
    ...traceConditions('s', search, scope, parameters, slice),
  ].join(' AND ');
  // A trace has its place by the first of its spans that match.
  const earlier = `SELECT FROM ${spansOf('s.trace_id', `start_ns >= ${first} AND start_ns <= s.start_ns`)} e
    WHERE (e.start_ns, e.span_id) < (s.start_ns, s.span_id)
    AND ${matchConditions('e', search, scope, parameters).join(' AND ')} OFFSET 0`;
  // Materialised, or the order tempts the planner to walk the slice instead of the index of attributes.
  const rare = search.service !== undefined && search.attributes.some(isIndexed);
  const candidates = rare
    ? `WITH candidate AS MATERIALIZED (SELECT s.* FROM telemetry.span s WHERE ${candidate})
       SELECT ${matchColumns('s')} FROM candidate s WHERE`
    : `SELECT ${matchColumns('s')} FROM telemetry.span s WHERE ${candidate} AND`;
  const text = `${candidates} NOT EXISTS (${earlier})
    ORDER BY s.start_ns DESC, s.trace_id LIMIT ${parameters.add(limit, 'bigint')}`;
  return { text, values: parameters.values };
}

/** Of the whole range one part in this many is looked at, in equal pieces, until enough is found. */
const shares = [256, 16, 1];
/** At most so many pieces; their length is one of these, in seconds. */
const mostPieces = 180n;
const pieceSeconds = [1n, 2n, 5n, 10n, 20n, 30n, 60n, 120n, 300n, 600n, 1_200n, 3_600n, 7_200n, 21_600n, 86_400n];
const nsPerSecond = 1_000_000_000n;

/**
 * An even choice: of all traces that match, those whose hashed ids come first. Where a part of the range holds more
 * than enough, pieces spread over it stand for the whole, so that a day costs no more than an hour.
 */
async function findSpread(plan: Plan): Promise<Found> {
  const { search, range } = plan;
  let chosen: string[] = [];
  let share = 0;
  let late = false;
  for (const next of shares) {
    if (plan.deadline - plan.now() < leastMs) {
      late = true;
      break;
    }
    const { text, values } = spreadSql(plan, piecesOf(range, BigInt(next)));
    try {
      const rows = await read<{ trace_id: string }>(plan.sourceId, text, values, limitsOf(plan));
      chosen = rows.map(({ trace_id }) => trace_id);
      share = next;
    } catch (error) {
      late = error instanceof TraceSourceError && error.kind === 'timeout' && !plan.signal?.aborted;
      if (!late) throw error;
      break;
    }
    if (chosen.length > search.limit) break;
  }
  const truncated = chosen.length > search.limit || share !== 1;
  const { text, values } = matchesSql(plan, chosen.slice(0, search.limit));
  const matches =
    chosen.length === 0
      ? []
      : await read<Match>(plan.sourceId, text, values, { timeoutMs: searchMs, signal: plan.signal });
  const notes = late
    ? [`Looking at the whole time takes too long: ${share === 0 ? 'nothing' : `one part in ${share}`} was looked at.`]
    : [];
  return { matches, truncated, notes };
}

/**
 * A part of each piece of the range. Pieces begin at round times, so that a range that moves on keeps its choice, and
 * the part lies elsewhere in each, so that points of a chart do not stand in columns.
 */
function piecesOf({ fromNs, toNs }: Range, share: bigint): { starts: bigint[]; ends: bigint[] } {
  if (share === 1n) return { starts: [fromNs], ends: [toNs] };
  const least = (toNs - fromNs) / mostPieces;
  const width = nsPerSecond * (pieceSeconds.find((seconds) => seconds * nsPerSecond >= least) ?? 604_800n);
  const length = width / share;
  const starts: bigint[] = [];
  const ends: bigint[] = [];
  for (let piece = fromNs / width; piece * width < toNs; piece++) {
    const start = piece * width + length * ((piece * 2_654_435_761n) % share);
    if (start + length <= fromNs || start >= toNs) continue;
    starts.push(start > fromNs ? start : fromNs);
    ends.push(start + length < toNs ? start + length : toNs);
  }
  return starts.length === 0 ? { starts: [fromNs], ends: [toNs] } : { starts, ends };
}

function spreadSql({ search, scope, range }: Plan, { starts, ends }: { starts: bigint[]; ends: bigint[] }) {
  const parameters = new Parameters();
  const conditions = () => [
    ...matchConditions('s', search, scope, parameters),
    // The same for every piece, so that the other spans are looked up once.
    ...traceConditions('s', search, scope, parameters, range),
  ];
  const inPieces =
    () => `unnest(${parameters.add(starts, 'bigint[]')}, ${parameters.add(ends, 'bigint[]')}) AS piece (a, b)
    CROSS JOIN LATERAL (SELECT s.trace_id FROM telemetry.span s
      WHERE s.start_ns >= piece.a AND s.start_ns < piece.b AND ${conditions().join(' AND ')} OFFSET 0) s`;
  // By constants the planner sees whether the index of attributes is the shorter way.
  const inAll = () => `telemetry.span s WHERE s.start_ns >= ${parameters.add(starts[0], 'bigint')}
    AND s.start_ns < ${parameters.add(ends[0], 'bigint')} AND ${conditions().join(' AND ')}`;
  const text = `SELECT encode(found.trace_id, 'hex') AS trace_id
    FROM (SELECT s.trace_id FROM ${starts.length === 1 ? inAll() : inPieces()} GROUP BY s.trace_id) found
    ORDER BY md5(found.trace_id), found.trace_id LIMIT ${parameters.add(search.limit + 1, 'bigint')}`;
  return { text, values: parameters.values };
}

/** The first span that matches in each of some traces, newest first. */
function matchesSql({ search, scope, range }: Plan, traceIds: readonly string[]) {
  const parameters = new Parameters();
  const ids = parameters.add(
    traceIds.map((id) => Buffer.from(id, 'hex')),
    'bytea[]',
  );
  const [from, to] = [parameters.add(range.fromNs, 'bigint'), parameters.add(range.toNs, 'bigint')];
  const text = `SELECT * FROM (
      SELECT DISTINCT ON (s.trace_id) ${matchColumns('s')}, s.start_ns AS at, s.trace_id AS raw
      FROM ${spansOf(`ANY(${ids})`, `start_ns >= ${from} AND start_ns < ${to}`)} s
      WHERE ${matchConditions('s', search, scope, parameters).join(' AND ')}
      ORDER BY s.trace_id, s.start_ns, s.span_id
    ) first ORDER BY at DESC, raw`;
  return { text, values: parameters.values };
}
