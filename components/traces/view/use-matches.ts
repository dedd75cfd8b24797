'use client';
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useMemo } from 'react';
import type { Folds } from '#lib/traces/fold-rules.ts';
import { findQuery } from '#lib/traces/queries.ts';
import { spansNamed } from '#lib/traces/visible-rules.ts';
import { useSettled } from '../../ui/use-settled.ts';
import type { TraceModel } from './trace-model.ts';
import type { Mark, TraceViewState } from './trace-url.ts';

/** Spans that are marked: found by a text, or asked for by a statistic or a flaw. */
export interface Matches {
  /** From top to bottom. */
  spans: Int32Array;
  /** 1 for each that is marked; null where nothing was asked for. */
  flags: Uint8Array | null;
  /** What is marked, as words; null where nothing was asked for. */
  label: string | null;
  /** Attributes and events are still being searched. */
  isSearching: boolean;
  /** Why they could not be searched, as a sentence. */
  problem: string | null;
}

/** Marks spans by name at once, and by attributes and events when the server has looked through them. */
export function useMatches(model: TraceModel, folds: Folds, { find, mark }: TraceViewState): Matches {
  const text = useDeferredValue(find.trim());
  const settled = useSettled(text);
  const { trace } = model;
  const query = useQuery({ ...findQuery(trace.traceId, settled), retry: false });
  const found = query.data?.text === text && text !== '' ? query.data : null;
  const isSearching = find.trim() !== text || (text !== '' && !found && !query.isError);
  const problem = text !== '' && query.isError ? `Only names were searched: ${(query.error as Error).message}` : null;

  const flags = useMemo(() => {
    if (text !== '') {
      const marked = new Uint8Array(model.tree.size);
      for (const span of spansNamed(text, trace, folds.order)) marked[span] = 1;
      for (const id of found?.spanIds ?? []) {
        const span = model.find(id);
        if (span >= 0) marked[span] = 1;
      }
      return marked;
    }
    return mark ? flagsOf(mark, model) : null;
  }, [text, mark, found, model, trace, folds]);
  const spans = useMemo(
    () => (flags ? folds.order.filter((span) => flags[span] === 1) : new Int32Array()),
    [flags, folds],
  );
  const label = text !== '' ? `“${text}”` : mark ? markLabel(mark) : null;
  return { spans, flags, label, isSearching, problem };
}

/** The topmost span that a mark is about; -1 where there is none. */
export function firstMarked(mark: Mark, model: TraceModel, folds: Folds): number {
  const flags = flagsOf(mark, model);
  return folds.order.find((span) => flags[span] === 1) ?? -1;
}

function flagsOf(mark: Mark, { trace, tree }: TraceModel): Uint8Array {
  const marked = new Uint8Array(tree.size);
  if (mark.kind === 'flaw') {
    for (const flaw of trace.flaws) {
      if (flaw.kind === mark.flaw) for (const span of flaw.spans) if (span < tree.size) marked[span] = 1;
    }
    return marked;
  }
  const service = trace.services.indexOf(mark.service);
  const name = mark.kind === 'operation' ? trace.names.indexOf(mark.name) : null;
  for (let span = 0; span < tree.size; span++) {
    if (trace.spans.service[span] !== service) continue;
    if (name === null || trace.spans.name[span] === name) marked[span] = 1;
  }
  return marked;
}

const flawWords: Record<string, string> = {
  orphans: 'spans without their parent',
  several_roots: 'roots',
  no_root: 'spans without a root',
  cycle: 'spans in a ring',
  duplicate_ids: 'spans with the same id',
  negative_duration: 'spans that end before they begin',
  clock_skew: 'spans with a wrong clock',
  odd_time: 'spans at an odd time',
};

function markLabel(mark: Mark): string {
  if (mark.kind === 'flaw') return flawWords[mark.flaw] ?? 'marked spans';
  return mark.kind === 'service' ? mark.service : `${mark.service} ${mark.name}`;
}
