import { queryOptions } from '@tanstack/react-query';
import { getJson, sendJson } from '#lib/core/fetch-json.ts';
import type { SourceList, SourceTest } from './source-schemas.ts';

/** Every source and how it is; asked again while a person looks. */
export const sourcesQuery = () =>
  queryOptions({
    queryKey: ['sources'],
    queryFn: ({ signal }) => getJson<SourceList>('/api/v1/sources', { signal }),
    refetchInterval: 10_000,
  });

/** Tests one source now. */
export const testSource = (id: string) =>
  sendJson<SourceTest>('POST', `/api/v1/sources/${encodeURIComponent(id)}/test`);
