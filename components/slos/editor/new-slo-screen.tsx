'use client';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearchParams } from 'next/navigation';
import { useCallback, useEffect, useState } from 'react';
import { ApiError } from '#lib/core/fetch-json.ts';
import { slosQuery, sloTemplatesQuery } from '#lib/slo/queries.ts';
import type { SloDefinition } from '#lib/slo/schemas.ts';
import { useEnvironment } from '../../ui/environment.tsx';
import { keepParams } from '../../ui/keep-params.ts';
import { Note } from '../../ui/note.tsx';
import { toast } from '../../ui/toast.ts';
import { useSave } from '../../ui/use-save.ts';
import { sloHref } from '../words.ts';
import { render } from './draft-api.ts';
import { blankDefinition, freeName } from './form-values.ts';
import { SloEditor } from './slo-editor.tsx';
import { TemplateChooser } from './template-chooser.tsx';

interface Start {
  source: string;
  definition: SloDefinition;
}

/** A new SLO: a service, a template, then the editor. Service and template stand in the address. */
export function NewSloScreen() {
  const { current } = useEnvironment();
  const params = useSearchParams();
  const router = useRouter();
  const cache = useQueryClient();
  const save = useSave<{ name: string }>();
  const service = params.get('service') ?? '';
  const template = params.get('template');
  const [start, setStart] = useState<Start | null>(null);
  const [failed, setFailed] = useState<string | null>(null);

  const goTo = (change: Record<string, string | null>) => {
    const url = new URL(window.location.href);
    for (const [name, value] of Object.entries(change)) {
      if (value === null) url.searchParams.delete(name);
      else url.searchParams.set(name, value);
    }
    window.history.replaceState(null, '', url);
  };
  const begin = useCallback(
    async (definition: SloDefinition) => {
      const taken = await cache.ensureQueryData(slosQuery(current.name)).catch(() => null);
      const name = freeName(definition.name, new Set(taken?.items.map((one) => one.name)));
      const named = { ...definition, name };
      try {
        setStart({ definition: named, source: await render(named, new AbortController().signal) });
      } catch (error) {
        setFailed(error instanceof ApiError ? error.message : 'The console does not answer.');
      }
    },
    [cache, current.name],
  );
  // A link from elsewhere may name the template: the editor opens with it.
  useEffect(() => {
    if (start || !service || !template) return;
    let isCurrent = true;
    cache
      .ensureQueryData(sloTemplatesQuery({ env: current.name, service }))
      .then(({ items }) => {
        const found = items.find(({ id }) => id === template);
        if (isCurrent && found) void begin(found.definition);
      })
      // The chooser below asks the same and says what is wrong.
      .catch(() => undefined);
    return () => {
      isCurrent = false;
    };
  }, [start, service, template, current.name, cache, begin]);

  if (!start) {
    return (
      <>
        <h1>New SLO</h1>
        {failed ? <Note tone="bad">{failed}</Note> : null}
        <TemplateChooser
          service={service}
          onService={(next) => goTo({ service: next, template: null })}
          onChoose={(chosen) => goTo({ template: chosen.id })}
          onBlank={() => begin(blankDefinition(current.name, service))}
        />
      </>
    );
  }
  const create = async (source: string, note: string, definition: SloDefinition) => {
    const done = await save.send('POST', '/api/v1/slos', { source, ...(note.trim() && { note: note.trim() }) });
    if (!done) return;
    toast.good(`${definition.displayName ?? definition.name} is created; its past is counted now`);
    void cache.invalidateQueries({ queryKey: ['slos'] });
    const there = keepParams(sloHref(definition.name), new URLSearchParams(window.location.search));
    router.push(there);
  };
  return (
    <SloEditor
      title="New SLO"
      source={start.source}
      definition={start.definition}
      verb="Create"
      busyWord="Creating…"
      busy={save.busy}
      trouble={
        save.error ? (
          <Note tone="bad" live>
            {save.error.message}
          </Note>
        ) : null
      }
      back="/slos"
      onSave={create}
    />
  );
}
