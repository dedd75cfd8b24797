'use client';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { type LogsWanted, logHistogramQuery, logsQuery } from '#lib/logs/queries.ts';
import type { LogLine, LogSourceAnswer } from '#lib/logs/schemas.ts';

/** More lines than these are not read well in a browser; narrowing finds better. */
export const mostLoaded = 20_000;
const buckets = 90;

/** The lines that were asked for, page by page, and how many there are over time. */
export function useLogs(wanted: LogsWanted, renewEvery: false | (() => number)) {
  const client = useQueryClient();
  const options = logsQuery(wanted);
  // A list that is renewed under one's eyes cannot be read: it stays as it was asked for until one asks again.
  const list = useInfiniteQuery({ ...options, staleTime: Number.POSITIVE_INFINITY, refetchOnWindowFocus: false });
  const histogram = useQuery({ ...logHistogramQuery({ ...wanted, buckets }), refetchInterval: renewEvery });
  const pages = list.data?.pages;
  const lines = useMemo(() => unique(pages?.flatMap(({ items }) => items) ?? []), [pages]);
  const { queryKey } = options;
  const key = JSON.stringify(queryKey);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key by its value
  const refresh = useCallback(() => void client.resetQueries({ queryKey, exact: true }), [client, key]);
  const newest = pages?.at(-1);
  const notes = [...new Set([...(pages?.[0]?.notes ?? []), ...(newest?.notes ?? [])])];
  return {
    list,
    histogram,
    lines,
    notes,
    /** Of the first page and of the last: a source may have failed in between. */
    failures: failed([...(pages?.[0]?.sources ?? []), ...(newest?.sources ?? []), ...(histogram.data?.sources ?? [])]),
    sources: pages?.[0]?.sources ?? [],
    isFull: lines.length >= mostLoaded,
    key,
    refresh,
  };
}

function unique(lines: readonly LogLine[]): LogLine[] {
  const known = new Set<string>();
  return lines.filter(({ id }) => !known.has(id) && known.add(id));
}

function failed(answers: readonly LogSourceAnswer[]): LogSourceAnswer[] {
  const byId = new Map(answers.filter(({ outcome }) => outcome === 'failed').map((answer) => [answer.id, answer]));
  return [...byId.values()];
}
