'use client';
import { type RefObject, useEffect, useRef } from 'react';
import { isTyping } from '../ui/is-typing.ts';
import { QueryLine } from '../ui/query-line/query-line.tsx';
import { useLine } from '../ui/query-line/use-line.ts';
import type { LogFilters } from './logs-url.ts';
import { formatTerm, parseLine, termsOf, withoutTerm, withTerms } from './terms.ts';
import { type AskedRange, useSuggestions } from './use-suggestions.ts';

export interface LogQueryLineProps {
  filters: LogFilters;
  range: AskedRange;
  onChange: (filters: LogFilters) => void;
  /** What the server says is wrong with the search. */
  problem: string | undefined;
  /** Takes what is being written into the search; false where it cannot be read. */
  commitRef: RefObject<(() => boolean) | null>;
}

/** The search as one line. Words are searched for as they are written, so Enter never means a suggestion by itself. */
export function LogQueryLine({ filters, range, onChange, problem, commitRef }: LogQueryLineProps) {
  const input = useRef<HTMLInputElement>(null);
  const line = useLine();
  const { list, title, isLoading } = useSuggestions(line.draft, {
    range,
    services: filters.services,
    isOpen: line.isOpen,
  });
  useSlash(input);
  const terms = termsOf(filters);
  const remove = (index: number) => {
    const term = terms[index];
    if (term) onChange(withoutTerm(filters, term));
  };
  return (
    <QueryLine
      line={line}
      label="Search in logs"
      placeholder={'declined "no funds", service = payment, order.id = 17, or a trace id'}
      shortcut="/"
      chips={terms.map(formatTerm)}
      list={list}
      title={title}
      isLoading={isLoading}
      enterMeans="written"
      problem={problem}
      inputRef={input}
      commitRef={commitRef}
      onTake={(text) => {
        const read = parseLine(text);
        if (typeof read === 'string') return read;
        onChange(withTerms(filters, read));
        return null;
      }}
      onEdit={remove}
      onRemove={remove}
      onAbandon={line.finish}
    />
  );
}

/** `/` brings one to the field from anywhere on the page. */
function useSlash(input: RefObject<HTMLInputElement | null>): void {
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (event.key !== '/' || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isTyping(event.target) || document.querySelector('[role=dialog], [role=menu]')) return;
      event.preventDefault();
      input.current?.focus();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [input]);
}
