'use client';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { onceRefused } from '#components/ui/restricted.ts';
import { auditPageOf } from '#lib/facts/queries.ts';
import type { AuditRecord } from '#lib/facts/schemas.ts';
import { type AuditFilter, auditSearch } from './audit-filter.ts';

const firstPage = 200;
const laterPages = 500;
const lookEveryMs = 10_000;

/** The records that a filter leaves, page after page, and whether newer ones were written meanwhile. */
export function useAudit(filter: AuditFilter) {
  // Relative times are counted from here, so that all pages are of the same list.
  const [startedAt, setStartedAt] = useState(Date.now);
  const pages = useInfiniteQuery({
    queryKey: ['audit', 'pages', filter, startedAt],
    queryFn: ({ pageParam, signal }) =>
      auditPageOf(
        auditSearch(filter, startedAt, { limit: pageParam ? laterPages : firstPage, cursor: pageParam }),
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    // Old records never change, and newer ones are offered instead of moving what is being read.
    staleTime: Number.POSITIVE_INFINITY,
    ...onceRefused,
  });
  const records = useMemo<AuditRecord[]>(() => pages.data?.pages.flatMap(({ items }) => items) ?? [], [pages.data]);
  const newest = useQuery({
    queryKey: ['audit', 'newest', filter],
    queryFn: ({ signal }) => auditPageOf(auditSearch(filter, Date.now(), { limit: 1 }), signal),
    refetchInterval: lookEveryMs,
    enabled: pages.isSuccess,
    staleTime: lookEveryMs,
  });
  const head = newest.data?.items[0];
  const hasNewer =
    head !== undefined && pages.isSuccess && !pages.isFetching && !records.some(({ id }) => id === head.id);
  return { pages, records, startedAt, hasNewer, restart: () => setStartedAt(Date.now()) };
}
