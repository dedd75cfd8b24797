'use client';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { logFacetsQuery, logValuesQuery } from '#lib/logs/queries.ts';
import { logLevels } from '#lib/logs/schemas.ts';
import type { Suggestion } from '../ui/query-line/suggestion.ts';
import { useSettled } from '../ui/use-settled.ts';
import { stageOf, suggestKeys, suggestValues } from './suggest.ts';

export interface AskedRange {
  env: string;
  from: string;
  to: string;
}

const own = new Set(['service', 'level', 'trace', 'span']);

/** What can be written next: services, levels, attributes and values that exist. */
export function useSuggestions(
  draft: string,
  { range, services, isOpen }: { range: AskedRange; services: readonly string[]; isOpen: boolean },
) {
  const service = services.length === 1 ? services[0] : undefined;
  const facets = useQuery({ ...logFacetsQuery(range), retry: false });
  const ofService = useQuery({
    ...logFacetsQuery({ ...range, service }),
    enabled: isOpen && service !== undefined,
    retry: false,
  });
  const known = ofService.data ?? facets.data;
  const stage = useMemo(() => stageOf(draft), [draft]);
  const isAttribute = stage.kind === 'value' && !own.has(stage.key);
  const isSettled = useSettled(draft) === draft || stage.text === '';
  const key = isAttribute ? stage.key : '';
  const values = useQuery({
    ...logValuesQuery({ ...range, service, key, prefix: stage.text || undefined }),
    enabled: isOpen && isAttribute && isSettled,
    placeholderData: undefined,
    retry: false,
  });
  const list = useMemo((): Suggestion[] => {
    if (stage.kind === 'key') return suggestKeys(stage.text, known);
    if (stage.key === 'service') return suggestValues(stage, facets.data?.services ?? []);
    if (stage.key === 'level') return suggestValues(stage, logLevels);
    return suggestValues(stage, values.data?.items ?? []);
  }, [stage, known, facets.data, values.data]);
  const title =
    stage.kind === 'value'
      ? `Values of ${stage.key}${isAttribute ? ', of the newest lines' : ''}`
      : service
        ? `Fields, and attributes of ${service}`
        : 'Fields and attributes';
  return { list, title, isLoading: isAttribute ? values.isFetching : facets.isLoading, facets: facets.data };
}
