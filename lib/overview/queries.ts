import { queryOptions } from '@tanstack/react-query';
import { getJson } from '#lib/core/fetch-json.ts';
import { withJitter } from '#lib/core/jitter.ts';
import type { Overview } from './see-overview.ts';

export type { Overview };

/** All that the overview shows; asked again while a person looks, not all at the same instant. */
export const overviewQuery = (env: string) =>
  queryOptions({
    queryKey: ['overview', env],
    queryFn: ({ signal }) => getJson<Overview>(`/api/v1/overview?${new URLSearchParams({ env })}`, { signal }),
    refetchInterval: withJitter(5_000),
  });
