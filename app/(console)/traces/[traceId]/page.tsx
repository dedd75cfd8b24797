import { type DehydratedState, dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query';
import type { Metadata } from 'next';
import { preload } from 'react-dom';
import { TraceScreen } from '#components/traces/view/trace-screen.tsx';
import type { Actor } from '#lib/core/actor.ts';
import { contextFor } from '#lib/core/context.ts';
import { traceWithin } from '#lib/traces/index.ts';
import { traceAddress, traceQuery } from '#lib/traces/queries.ts';
import { requirePerson } from '../../session.ts';

interface Address {
  params: Promise<{ traceId: string }>;
  searchParams: Promise<{ at?: string | string[] }>;
}

/** A page that waits longer for its trace than this is worse than one that fetches it afterwards. */
const patienceMs = 150;
/** Larger traces are fetched as they are: within a page they would be read and written twice. */
const mostSpans = 1_500;

export async function generateMetadata({ params }: Address): Promise<Metadata> {
  return { title: `Trace ${(await params).traceId.slice(0, 8)}` };
}

/** One trace; how it is looked at stands in the address. */
export default async function TracePage({ params, searchParams }: Address) {
  const actor = await requirePerson();
  const { traceId } = await params;
  const { at } = await searchParams;
  const when = typeof at === 'string' ? at : undefined;
  const state = await soon(actor, traceId, when);
  // The browser begins to fetch before the page's code has run.
  if (state === null) preload(traceAddress(traceId, when), { as: 'fetch', crossOrigin: 'anonymous' });
  return (
    <HydrationBoundary state={state}>
      <TraceScreen traceId={traceId} />
    </HydrationBoundary>
  );
}

/** The trace, where it is small and comes soon; null where it is left to the browser. */
async function soon(actor: Actor, traceId: string, at: string | undefined): Promise<DehydratedState | null> {
  const ms = Date.parse(at ?? '');
  const aroundMs = Number.isFinite(ms) ? ms : undefined;
  const trace = await traceWithin(contextFor(actor), { traceId, aroundMs, patienceMs, mostSpans });
  if (!trace) return null;
  const client = new QueryClient();
  client.setQueryData(traceQuery(traceId, at).queryKey, trace);
  return dehydrate(client);
}
