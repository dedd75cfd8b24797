import type { Context } from '#lib/core/context.ts';
import { type ComparedTrace, compareTraces } from './compare-rules.ts';
import { criticalPathOf } from './critical-path-rules.ts';
import type { TraceComparison, TraceStatistics } from './schemas.ts';
import { instantOf } from './search.ts';
import { type ReadTrace, readTrace } from './see-trace.ts';
import { selfTimes } from './self-time-rules.ts';
import { skewOf } from './skew-rules.ts';
import { statisticsOf } from './statistics-rules.ts';
import { treeOf } from './tree-rules.ts';

/** Two traces held against each other. */
export async function seeComparison(ctx: Context, a: string, b: string): Promise<TraceComparison> {
  const [one, other] = await Promise.all([readTrace(ctx, a), readTrace(ctx, b)]);
  return { a: headOf(one), b: headOf(other), ...compareTraces(sideOf(one), sideOf(other)) };
}

function sideOf({ columns }: ReadTrace): ComparedTrace {
  const tree = treeOf(columns.spans);
  return { ...columns, tree, self: selfTimes(columns.spans, tree) };
}

function headOf({ trace, source, columns }: ReadTrace): TraceComparison['a'] {
  const { spans, services, names } = columns;
  const first = spans.parent.indexOf(-1);
  return {
    traceId: trace.traceId,
    source: source.source.id,
    at: instantOf(columns.startNs),
    durationNs: columns.durationNs,
    spanCount: spans.id.length,
    errorCount: columns.errorCount,
    root:
      first === -1
        ? null
        : { service: services[spans.service[first] as number] ?? '', name: names[spans.name[first] as number] ?? '' },
  };
}

/** Statistics of a trace by service and operation, and what it waited for, with clocks set to each other. */
export async function seeStatistics(ctx: Context, traceId: string): Promise<TraceStatistics> {
  const { columns } = await readTrace(ctx, traceId);
  const tree = treeOf(columns.spans);
  const { offset } = skewOf(columns.spans, tree);
  const times = { offset, duration: columns.spans.duration };
  const path = criticalPathOf({ ...times, kind: columns.spans.kind }, tree);
  return {
    traceId,
    ...statisticsOf(columns, selfTimes(times, tree)),
    criticalPath: Array.from(path.span, (span, index) => ({
      spanId: columns.spans.id[span] ?? '',
      fromNs: path.fromNs[index] ?? 0,
      toNs: path.toNs[index] ?? 0,
    })),
  };
}
