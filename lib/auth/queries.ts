import { queryOptions } from '@tanstack/react-query';
import { getJson } from '#lib/core/fetch-json.ts';
import type { Page } from '#lib/core/page.ts';
import type { Me, Person, Token } from './schemas.ts';

export const meQuery = () =>
  queryOptions({ queryKey: ['me'], queryFn: ({ signal }) => getJson<Me>('/api/v1/me', { signal }) });

export const peopleQuery = () =>
  queryOptions({
    queryKey: ['people'],
    queryFn: ({ signal }) => getJson<Page<Person>>('/api/v1/people?limit=500', { signal }),
  });

export const tokensQuery = () =>
  queryOptions({
    queryKey: ['tokens'],
    queryFn: ({ signal }) => getJson<Page<Token>>('/api/v1/tokens?limit=500', { signal }),
  });
