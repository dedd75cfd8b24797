'use client';
import '../trace-view.css';
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'next/navigation';
import { traceQuery } from '#lib/traces/queries.ts';
import { TraceBody } from './trace-body.tsx';
import { TraceMissing, TraceWaiting } from './trace-waiting.tsx';

/** One trace: looked for in every source, then drawn in the way that the address asks for. */
export function TraceScreen({ traceId }: { traceId: string }) {
  const at = useSearchParams().get('at') ?? undefined;
  const query = useQuery({
    ...traceQuery(traceId, at),
    // A trace does not change once it is over, and comparing a hundred thousand spans with themselves takes long.
    staleTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
  });
  if (query.data) return <TraceBody key={query.data.traceId} trace={query.data} />;
  if (query.isError) return <TraceMissing traceId={traceId} at={at} query={query} />;
  return <TraceWaiting traceId={traceId} />;
}
