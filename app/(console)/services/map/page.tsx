import { HydrationBoundary } from '@tanstack/react-query';
import type { Metadata } from 'next';
import { MapScreen } from '#components/services/map/map-screen.tsx';
import { defaultTimeRange, formatTimePoint, parseTimeRange, resolveTimeRange } from '#lib/core/time-range.ts';
import { seeMap } from '#lib/telemetry/index.ts';
import { mapQuery } from '#lib/telemetry/queries.ts';
import { environmentOf, prefetch } from '../../prefetch.ts';
import { requirePerson } from '../../session.ts';

export const metadata: Metadata = { title: 'Map' };

type Search = Promise<Record<string, string | string[] | undefined>>;

/** Who calls whom; focus, selection and view stand in the address. */
export default async function MapPage({ searchParams }: { searchParams: Search }) {
  await requirePerson();
  const env = await environmentOf(searchParams);
  const params = await searchParams;
  const one = (name: string) => {
    const value = params[name];
    return typeof value === 'string' ? value : null;
  };
  const { range } = parseTimeRange({ get: one }, defaultTimeRange);
  const wanted = { env, from: formatTimePoint(range.from), to: formatTimePoint(range.to) };
  const state = await prefetch(
    mapQuery(wanted).queryKey,
    seeMap(env, { ...resolveTimeRange(range, Date.now()), widthPx: 600 }),
  );
  return (
    <HydrationBoundary state={state}>
      <MapScreen />
    </HydrationBoundary>
  );
}
