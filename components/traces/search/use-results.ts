'use client';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { ScatterPoint } from '#components/charts/scatter.tsx';
import { useRange } from '#components/charts/use-range.ts';
import { useEnvironment } from '#components/ui/environment.tsx';
import { type Change, changesQuery } from '#lib/facts/change-queries.ts';
import { analysisQuery, facetsQuery, tracesQuery } from '#lib/traces/queries.ts';
import type { FoundTrace } from '#lib/traces/schemas.ts';
import { askedCohort, isSelected, withinCohort } from './cohort.ts';
import { type TraceSearch, wantedOf } from './search-url.ts';

/** One trace as it is drawn. */
export interface TracePoint extends ScatterPoint {
  trace: FoundTrace;
}

const drawnMost = 1_000;
const listedFirst = 50;
const selectedFirst = 20;
const drawnEveryMs = 15_000;
const analysisEveryMs = 30_000;
const facetsEveryMs = 60_000;
const noChanges: Change[] = [];
const none: FoundTrace[] = [];

export const listedMost = 1_000;

/** Milliseconds since 1970 at which the matching span began. */
export const startMsOf = ({ match }: Pick<FoundTrace, 'match'>) => Number(BigInt(match.startNs) / 1_000n) / 1_000;

/** The answers that the screen shows: what can be searched for, what is drawn, what is listed, what differs. */
export function useResults(search: TraceSearch, isLong: boolean) {
  const { current } = useEnvironment();
  const range = useRange();
  const { wanted, renewEvery, renewNoSooner, fromMs, toMs, live } = range;
  const env = current.name;
  const { cohort, picked, ...filters } = search;
  const asked = { env, ...wanted };

  const facets = useQuery({
    ...facetsQuery({ ...asked, service: filters.service ?? undefined }),
    retry: false,
    refetchInterval: renewNoSooner(facetsEveryMs),
  });
  const needsService = facets.data?.serviceRequired === true && filters.service === null;
  const base = wantedOf(filters, asked);
  const drawn = useQuery({
    ...tracesQuery({ ...base, order: 'spread', limit: drawnMost }),
    refetchInterval: renewNoSooner(drawnEveryMs),
    enabled: !needsService,
  });
  const within = cohort ? withinCohort(filters, cohort, { fromMs, toMs }) : { filters, ends: null };
  const listRange = within.ends
    ? { env, from: new Date(within.ends.fromMs).toISOString(), to: new Date(within.ends.toMs).toISOString() }
    : asked;
  const list = useQuery({
    ...tracesQuery({
      ...wantedOf(within.filters, listRange),
      order: 'newest',
      limit: isLong ? listedMost : cohort ? selectedFirst : listedFirst,
    }),
    refetchInterval: renewEvery,
    enabled: !needsService,
  });
  const analysis = useQuery({
    ...analysisQuery({ ...base, ...askedCohort(cohort ?? { kind: 'errors' }) }),
    enabled: cohort !== null && !needsService,
    refetchInterval: renewNoSooner(analysisEveryMs),
  });
  const changes = useQuery(changesQuery({ env, service: filters.service ?? undefined, fromMs, toMs, live }));

  const found = drawn.data?.items ?? none;
  const fades = cohort?.kind === 'errors';
  const points = useMemo(
    () =>
      found.map(
        (trace): TracePoint => ({
          id: trace.traceId,
          timeMs: startMsOf(trace),
          value: trace.match.durationMs,
          failed: trace.match.status === 'error',
          faded: fades && trace.match.status !== 'error',
          trace,
        }),
      ),
    [found, fades],
  );
  const selected = useMemo(() => (cohort ? found.filter((trace) => isSelected(trace, cohort)) : none), [found, cohort]);
  return {
    range,
    asked,
    facets,
    needsService,
    drawn,
    list,
    analysis,
    changes: changes.data ?? noChanges,
    found,
    points,
    selected,
    retry: () => {
      void drawn.refetch();
      void list.refetch();
      if (cohort) void analysis.refetch();
    },
  };
}

export type Results = ReturnType<typeof useResults>;
