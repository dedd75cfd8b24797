'use client';
import { keepPreviousData, type UseQueryResult, useQueries } from '@tanstack/react-query';
import { useMemo, useRef } from 'react';
import type { TimeRangeValue } from '#components/charts/time-range.tsx';
import { formatTimePoint } from '#lib/core/time-range.ts';
import { exploreInstantQuery, exploreRangeQuery } from '#lib/telemetry/queries.ts';
import type { ExploreInstant, ExploreRange } from '#lib/telemetry/schemas.ts';
import { formatStep, type QueryUnit, queryName } from './explore-url.ts';
import { guessUnit } from './guess-unit.ts';
import type { QueryRow } from './use-explore.ts';

export interface RanQuery<T> {
  id: number;
  name: string;
  expr: string;
  unit: QueryUnit;
  result: UseQueryResult<T>;
}

/** Below this a person's query would be asked more often than it is worth. */
const leastRefreshMs = 10_000;

/** The queries that are to be asked: run, and not hidden. */
function asked(rows: readonly QueryRow[]) {
  return rows.flatMap((row, i) =>
    row.expr.trim() === '' || row.hidden
      ? []
      : [{ id: row.id, name: queryName(i), expr: row.expr, unit: row.unit ?? guessUnit(row.expr) }],
  );
}

function refresh({ refreshMs }: TimeRangeValue) {
  return refreshMs === false ? (false as const) : Math.max(leastRefreshMs, refreshMs);
}

/** The ends as the API takes them: relative while the range is live, so that viewers share the answer. */
function ends({ range, live, fromMs, toMs }: TimeRangeValue) {
  if (live) return { from: formatTimePoint(range.from), to: 'now' };
  return { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
}

/** Asks every query over the page's time range; renewed while it is live. */
export function useRanges(
  rows: readonly QueryRow[],
  time: TimeRangeValue,
  { width, stepMs, enabled }: { width: number | null; stepMs: number | null; enabled: boolean },
): RanQuery<ExploreRange>[] {
  const queries = useMemo(() => asked(rows), [rows]);
  const results = useQueries({
    queries: queries.map(({ expr }) => ({
      ...exploreRangeQuery({
        query: expr,
        ...ends(time),
        width: width ?? 800,
        step: stepMs === null ? undefined : formatStep(stepMs),
      }),
      enabled: enabled && width !== null,
      refetchInterval: refresh(time),
    })),
  });
  return queries.map((query, i) => ({ ...query, result: results[i] as UseQueryResult<ExploreRange> }));
}

/** Asks every query at the end of the page's time range. */
export function useInstants(
  rows: readonly QueryRow[],
  time: TimeRangeValue,
  { enabled }: { enabled: boolean },
): RanQuery<ExploreInstant>[] {
  const queries = useMemo(() => asked(rows), [rows]);
  const at = time.live ? undefined : new Date(time.toMs).toISOString();
  const results = useQueries({
    queries: queries.map(({ expr }) => ({
      ...exploreInstantQuery({ query: expr, at }),
      enabled,
      refetchInterval: refresh(time),
      placeholderData: keepPreviousData,
    })),
  });
  return queries.map((query, i) => ({ ...query, result: results[i] as UseQueryResult<ExploreInstant> }));
}

export interface Answered<T> extends Omit<RanQuery<T>, 'result' | 'id'> {
  answer: T;
  /** Since when it has not been renewed, in milliseconds, though it should have been. */
  staleAtMs: number | null;
}

/** What was answered; the same list as before while no part of it is another. */
export function useAnswered<T>(queries: readonly RanQuery<T>[]): readonly Answered<T>[] {
  const next = queries.flatMap(({ name, expr, unit, result }): Answered<T>[] =>
    result.data
      ? [{ name, expr, unit, answer: result.data, staleAtMs: result.isError ? result.dataUpdatedAt : null }]
      : [],
  );
  const kept = useRef(next);
  const isSame =
    next.length === kept.current.length &&
    next.every((one, i) => {
      const before = kept.current[i] as Answered<T>;
      return (['answer', 'name', 'unit', 'staleAtMs'] as const).every((key) => one[key] === before[key]);
    });
  if (!isSame) kept.current = next;
  return kept.current;
}
