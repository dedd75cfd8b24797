import type { TraceSource } from '#lib/adapters/traces/port.ts';
import type { Context } from '#lib/core/context.ts';
import { listFacts } from '#lib/facts/index.ts';
import type { Fact } from '#lib/facts/schemas.ts';
import { columnsOf, type TraceColumns } from './columns-rules.ts';
import { lengthOf } from './compare-rules.ts';
import { type Located, locateTrace } from './find-trace.ts';
import type { Trace, TraceFlaw } from './schemas.ts';
import { environmentOfSpan, permitTrace } from './scope.ts';
import { instantOf } from './search.ts';
import { leastSkewNs, skewOf } from './skew-rules.ts';
import { treeOf } from './tree-rules.ts';
import * as verbs from './verbs.ts';

export interface ReadTrace extends Located {
  columns: TraceColumns;
}

/** A whole trace in columns, for those who reach all of it. */
export async function readTrace(ctx: Context, traceId: string, aroundMs?: number): Promise<ReadTrace> {
  const located = await locateTrace(traceId, { signal: ctx.signal, ...(aroundMs !== undefined && { aroundMs }) });
  const columns = columnsOf(located.trace.spans);
  await permitTrace(ctx, verbs.seeTrace, located.source, { traceId, ...columns });
  return { ...located, columns };
}

/** What the source says of the trace beside its spans. */
export function flawsOf({ trace, columns, source }: ReadTrace): TraceFlaw[] {
  const partial: TraceFlaw[] = trace.partial
    ? [
        {
          kind: 'partial',
          text: `${source.source.name} cut this trace short: it has more spans than are here.`,
          spans: [],
        },
      ]
    : [];
  return [
    ...partial,
    ...columns.flaws,
    ...skewFlaws(columns),
    ...trace.warnings.map((text) => ({ kind: 'warning' as const, text, spans: [] })),
  ];
}

function skewFlaws({ spans, services }: TraceColumns): TraceFlaw[] {
  const { shift, services: moved } = skewOf(spans, treeOf(spans));
  const off = moved.filter(({ leastNs, mostNs }) => Math.max(-leastNs, mostNs) >= leastSkewNs);
  if (off.length === 0) return [];
  const numbers = new Set(off.map(({ service }) => service));
  const outside: number[] = [];
  for (let span = 0; span < shift.length; span += 1) {
    if (numbers.has(spans.service[span] as number) && Math.abs(shift[span] as number) >= leastSkewNs)
      outside.push(span);
  }
  const said = off.map(({ service, leastNs, mostNs }) => {
    const by = -leastNs > mostNs ? leastNs : mostNs;
    return `${services[service]} by ${lengthOf(Math.abs(by))}`;
  });
  const text = `Clocks seem to differ, as spans lie outside of those that called them: ${said.join(', ')}.`;
  return [{ kind: 'clock_skew', text, spans: outside.slice(0, 100) }];
}

/** One trace, in columns, with what is wrong in it and what happened meanwhile. */
export async function seeTrace(ctx: Context, traceId: string, aroundMs?: number): Promise<Trace> {
  const read = await readTrace(ctx, traceId, aroundMs);
  const { columns, source, sources, trace } = read;
  const environment = await environmentOfTrace(source, traceId, columns, ctx.signal);
  return {
    traceId,
    environment,
    source: { id: source.source.id, name: source.source.name, kind: source.source.kind },
    sources,
    startNs: String(columns.startNs),
    at: instantOf(columns.startNs),
    durationNs: columns.durationNs,
    services: columns.services,
    names: columns.names,
    spans: columns.spans,
    spanCount: columns.spans.id.length,
    errorCount: columns.errorCount,
    depth: columns.depth,
    sampledRatio: trace.sampledRatio,
    flaws: flawsOf(read),
    facts: await factsOf(ctx, columns, environment),
  };
}

const environmentWithinMs = 1_000;

/** Where the first span says that it ran; null where that cannot be had soon. */
async function environmentOfTrace(
  source: TraceSource,
  traceId: string,
  { spans }: TraceColumns,
  signal?: AbortSignal,
): Promise<string | null> {
  const first = spans.id[0];
  if (first === undefined) return null;
  const limit = AbortSignal.timeout(environmentWithinMs);
  const both = signal ? AbortSignal.any([signal, limit]) : limit;
  const late = new Promise<null>((resolve) => limit.addEventListener('abort', () => resolve(null), { once: true }));
  const asked = source.spans(traceId, [first], { signal: both }).catch(() => []);
  const [detail] = (await Promise.race([asked, late])) ?? [];
  return detail ? environmentOfSpan(detail) : null;
}

const lasting = new Set<Fact['kind']>(['fault', 'incident', 'alert']);
const changed = new Set<Fact['kind']>(['deploy', 'config', 'scaling']);
/** A change is told of beside the traces of the half hour after it. */
const changeWithinMs = 30 * 60_000;
const mostFacts = 50;

/** What happened at the services of a trace while it ran, and what had changed shortly before. */
async function factsOf(ctx: Context, columns: TraceColumns, environment: string | null): Promise<Trace['facts']> {
  const startMs = Date.parse(instantOf(columns.startNs));
  const endMs = Math.min(startMs + columns.durationNs / 1e6, 253_402_300_799_999);
  if (!(startMs > 0)) return [];
  const { items } = await listFacts({
    ctx,
    query: {
      limit: 200,
      from: new Date(Math.max(0, startMs - changeWithinMs)).toISOString(),
      to: new Date(endMs).toISOString(),
      ...(environment !== null && { env: environment }),
    },
  });
  const services = new Set(columns.services);
  return items
    .filter(({ kind, endAt, services: touched }) => {
      if (touched.length > 0 && !touched.some((service) => services.has(service))) return false;
      return changed.has(kind) || (lasting.has(kind) && (endAt === null || Date.parse(endAt) >= startMs));
    })
    .slice(0, mostFacts)
    .map(({ id, kind, title, services: touched, startAt, endAt }) => ({
      id,
      kind,
      title,
      services: touched,
      startAt,
      endAt,
    }));
}
