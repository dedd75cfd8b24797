'use client';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Suggestion } from '#components/ui/query-line/suggestion.ts';
import { useSettled } from '#components/ui/use-settled.ts';
import { facetsQuery, type TraceWanted, valuesQuery } from '#lib/traces/queries.ts';
import type { TraceFacets } from '#lib/traces/schemas.ts';
import { type Stage, stageOf, suggestKeys, suggestValues } from './suggest.ts';
import { isField } from './terms.ts';

export type AskedRange = Pick<TraceWanted, 'env' | 'from' | 'to'>;

const durations = ['10ms', '50ms', '100ms', '250ms', '500ms', '1s', '2s', '5s', '10s'];

function known(stage: Stage, facets: TraceFacets | undefined): readonly string[] {
  if (stage.kind === 'key') return [];
  switch (stage.key) {
    case 'service':
      return facets?.services ?? [];
    case 'operation':
      return facets?.operations ?? [];
    case 'status':
      return ['error', 'ok'];
    case 'duration':
      return durations;
    case 'source':
      return facets?.sources.map(({ id }) => id) ?? [];
    default:
      return [];
  }
}

export interface Suggestions {
  stage: Stage;
  list: Suggestion[];
  isLoading: boolean;
  /** What is to be known of where the list comes from. */
  hint: string | undefined;
}

/** What can be written next: from the services, operations, attributes and values that exist. */
export function useSuggestions(
  draft: string,
  { range, service, isOpen }: { range: AskedRange; service: string | null; isOpen: boolean },
): Suggestions {
  const facets = useQuery({ ...facetsQuery({ ...range, service: service ?? undefined }), retry: false });
  const stage = useMemo(() => stageOf(draft), [draft]);
  const isAttribute = stage.kind === 'value' && !isField(stage.key);
  const isSettled = useSettled(draft) === draft || stage.text === '';
  const attribute = isAttribute ? facets.data?.attributes.find((one) => one.key === stage.name) : undefined;
  const scope = isAttribute ? (stage.scope ?? attribute?.scope ?? 'span') : 'span';
  const values = useQuery({
    ...valuesQuery({
      ...range,
      service: service ?? undefined,
      scope,
      key: isAttribute ? stage.name : '',
      prefix: stage.text || undefined,
    }),
    enabled: isOpen && isAttribute && isSettled,
    placeholderData: (before) => (before?.key === (isAttribute ? stage.name : '') ? before : undefined),
    retry: false,
  });
  const list = useMemo(() => {
    if (stage.kind === 'key') return suggestKeys(stage.text, facets.data, (facets.data?.sources.length ?? 0) > 1);
    // Operations of the service before are none of this one.
    if (stage.key === 'operation' && facets.isPlaceholderData) return [];
    const found = isField(stage.key) ? known(stage, facets.data) : (values.data?.values ?? []);
    return suggestValues(stage, found);
  }, [stage, facets.data, facets.isPlaceholderData, values.data]);
  return {
    stage,
    list,
    isLoading: isAttribute ? values.isLoading : facets.isLoading || facets.isPlaceholderData,
    hint: hintOf(stage, facets.data, service),
  };
}

function hintOf(stage: Stage, facets: TraceFacets | undefined, service: string | null): string | undefined {
  if (stage.kind === 'key') return service ? `Attributes of ${service}` : undefined;
  if (stage.key === 'operation' && !service) return 'Choose a service first to see its operations.';
  if (isField(stage.key)) return undefined;
  const found = facets?.attributes.find((one) => one.key === stage.name);
  if (!found || found.indexed) return undefined;
  return `${stage.name} is not indexed: every span of the time is looked at.`;
}
