'use client';
import '../trace-view.css';
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'next/navigation';
import { traceQuery } from '#lib/traces/queries.ts';
import type { Trace } from '#lib/traces/schemas.ts';
import { TraceBody } from './trace-body.tsx';
import { TraceMissing, TraceWaiting } from './trace-waiting.tsx';

const growsEveryMs = 5_000;
const growsForMs = 60_000;
const mostRenewed = 5_000;

/** Late spans arrive within a minute; large traces are not read again for them. */
function mayGrow({ at, durationNs, spanCount }: Trace): boolean {
  const sinceMs = Date.now() - Date.parse(at) - durationNs / 1e6;
  return spanCount <= mostRenewed && sinceMs >= 0 && sinceMs < growsForMs;
}

function isSame(before: Trace | undefined, now: Trace): boolean {
  return (
    before !== undefined &&
    before.spanCount === now.spanCount &&
    before.errorCount === now.errorCount &&
    before.durationNs === now.durationNs &&
    before.flaws.length === now.flaws.length &&
    before.facts.length === now.facts.length
  );
}

/** One trace: looked for in every source, then drawn in the way that the address asks for. */
export function TraceScreen({ traceId }: { traceId: string }) {
  const at = useSearchParams().get('at') ?? undefined;
  const query = useQuery({
    ...traceQuery(traceId, at),
    staleTime: Number.POSITIVE_INFINITY,
    refetchInterval: ({ state }) => (state.data && mayGrow(state.data) ? growsEveryMs : false),
    // A hundred thousand spans are not compared one by one.
    structuralSharing: (before, now) => (isSame(before as Trace | undefined, now as Trace) ? before : now),
  });
  if (query.data) return <TraceBody key={query.data.traceId} trace={query.data} />;
  if (query.isError) return <TraceMissing traceId={traceId} at={at} query={query} />;
  return <TraceWaiting traceId={traceId} />;
}
