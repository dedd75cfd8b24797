import { queryOptions } from '@tanstack/react-query';
import { getJson } from '#lib/core/fetch-json.ts';
import type { Page } from '#lib/core/page.ts';
import type { AuditRecord, Fact, FactKind } from './schemas.ts';

export interface FactsWanted {
  env: string;
  service?: string;
  kinds?: FactKind[];
  from: Date;
  to: Date;
}

/** The facts of a time range: the markers of every chart. */
export const factsQuery = ({ env, service, kinds, from, to }: FactsWanted) => {
  const search = new URLSearchParams({ env, from: from.toISOString(), to: to.toISOString(), limit: '500' });
  if (service) search.set('service', service);
  for (const kind of kinds ?? []) search.append('kind', kind);
  return queryOptions({
    queryKey: ['facts', env, service ?? null, kinds ?? null, from.getTime(), to.getTime()],
    queryFn: ({ signal }) => getJson<Page<Fact>>(`/api/v1/facts?${search}`, { signal }),
  });
};

/** One page of the audit. */
export const auditPageOf = (search: URLSearchParams, signal?: AbortSignal) =>
  getJson<Page<AuditRecord>>(`/api/v1/audit?${search}`, { signal });
