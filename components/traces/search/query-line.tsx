'use client';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { keepParams } from '#components/ui/keep-params.ts';
import { QueryLine } from '#components/ui/query-line/query-line.tsx';
import { useLine } from '#components/ui/query-line/use-line.ts';
import { parseTraceId } from '#lib/traces/trace-id-rules.ts';
import type { TraceFilters } from './search-url.ts';
import { formatTerm, parseLine, type Term, termsOf, withEdited, withoutTerm, withTerms } from './terms.ts';
import { type AskedRange, useSuggestions } from './use-suggestions.ts';

export interface TraceQueryLineProps {
  filters: TraceFilters;
  range: AskedRange;
  onChange: (change: (filters: TraceFilters) => TraceFilters) => void;
  /** What the source says is wrong with the search. */
  problem?: string;
  /** The field that `/` brings one to. */
  inputRef: React.RefObject<HTMLInputElement | null>;
  /** Takes what is being written into the search; false where it cannot be read. */
  commitRef: React.RefObject<(() => boolean) | null>;
}

/** The search as one line. A condition that is edited stands in the search until it is written anew. */
export function TraceQueryLine({ filters, range, onChange, problem, inputRef, commitRef }: TraceQueryLineProps) {
  const router = useRouter();
  const line = useLine();
  const [editing, setEditing] = useState<Term | null>(null);
  const { draft, isOpen } = line;
  const { stage, list, isLoading, hint } = useSuggestions(draft, { range, service: filters.service, isOpen });
  const terms = termsOf(filters).filter((one) => editing === null || formatTerm(one) !== formatTerm(editing));
  // The first is taken by Enter once something was typed: what is offered then is what was meant.
  const isMeant = draft.trim() !== '' && list[0]?.id !== 'exists';

  const openTrace = (traceId: string) => {
    setEditing(null);
    router.push(keepParams(`/traces/${traceId}`, new URLSearchParams(window.location.search)));
  };
  const take = (text: string): string | null => {
    const traceId = parseTraceId(text);
    if (traceId) {
      openTrace(traceId);
      return null;
    }
    const read = parseLine(text);
    if (typeof read === 'string') return read;
    onChange((present) => (editing ? withEdited(present, editing, read) : withTerms(present, read)));
    setEditing(null);
    return null;
  };
  return (
    <QueryLine
      line={line}
      label="Query"
      placeholder="service = payment, http.route = /charges, or a trace id"
      chips={terms.map(formatTerm)}
      isEditing={editing !== null}
      list={list}
      title={stage.kind === 'key' ? 'Fields and attributes' : `Values of ${stage.name}`}
      hint={hint}
      isLoading={isLoading && list.length === 0}
      enterMeans="offered"
      meant={isMeant ? 0 : -1}
      isWhole={(text) => isWhole(text, list)}
      problem={problem}
      inputRef={inputRef}
      commitRef={commitRef}
      onTake={take}
      onEdit={(index) => setEditing(terms[index] ?? null)}
      onRemove={(index) => {
        const one = terms[index];
        if (one) onChange((present) => withoutTerm(present, one));
      }}
      onAbandon={() => {
        setEditing(null);
        line.finish();
      }}
      onPaste={(text) => {
        const traceId = draft === '' ? parseTraceId(text) : null;
        if (!traceId) return false;
        line.finish();
        openTrace(traceId);
        return true;
      }}
    />
  );
}

/** Whether what was written stands by itself, so that Enter means it and not the first of the list. */
function isWhole(draft: string, list: readonly { text: string }[]): boolean {
  const text = draft.trim();
  if (parseTraceId(text) !== null) return true;
  if (list.some((one) => one.text === text)) return false;
  const read = parseLine(text);
  if (typeof read === 'string') return false;
  return read.length > 1;
}
