'use client';
import { useRouter } from 'next/navigation';
import { type KeyboardEvent, useId, useRef, useState } from 'react';
import { cx } from '#components/ui/cx.ts';
import { keepParams } from '#components/ui/keep-params.ts';
import { parseTraceId } from '#lib/traces/trace-id-rules.ts';
import type { TraceFilters } from './search-url.ts';
import { SuggestionList } from './suggestion-list.tsx';
import { formatTerm, parseLine, type Term, termsOf, withEdited, withoutTerm, withTerms } from './terms.ts';
import { type AskedRange, useSuggestions } from './use-suggestions.ts';

export interface QueryLineProps {
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

/** The search as one line: each condition a chip that can be edited and removed, the next one typed at its end. */
export function QueryLine({ filters, range, onChange, problem, inputRef, commitRef }: QueryLineProps) {
  const id = useId();
  const router = useRouter();
  const chips = useRef<HTMLUListElement>(null);
  const [draft, setDraft] = useState('');
  const [editing, setEditing] = useState<Term | null>(null);
  const [isOpen, setIsOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const [wrong, setWrong] = useState<string | null>(null);
  const { stage, list, isLoading, hint } = useSuggestions(draft, { range, service: filters.service, isOpen });
  const terms = termsOf(filters).filter((one) => editing === null || formatTerm(one) !== formatTerm(editing));
  // The first is taken by Enter once something was typed: what is offered then is what was meant.
  const isMeant = draft.trim() !== '' && list[0]?.id !== 'exists';
  const chosen = active >= 0 ? active : isMeant ? 0 : -1;
  const option = isOpen && chosen >= 0 ? list[Math.min(chosen, list.length - 1)] : undefined;

  const write = (text: string) => {
    setDraft(text);
    setActive(-1);
    setWrong(null);
    setIsOpen(true);
  };
  const finish = () => {
    setDraft('');
    setEditing(null);
    setActive(-1);
    setWrong(null);
    setIsOpen(false);
  };
  const openTrace = (traceId: string) => {
    finish();
    router.push(keepParams(`/traces/${traceId}`, new URLSearchParams(window.location.search)));
  };
  const take = (text: string): boolean => {
    const traceId = parseTraceId(text);
    if (traceId) {
      openTrace(traceId);
      return true;
    }
    const read = parseLine(text);
    if (typeof read === 'string') {
      setWrong(read);
      setIsOpen(false);
      return false;
    }
    onChange((present) => (editing ? withEdited(present, editing, read) : withTerms(present, read)));
    finish();
    return true;
  };
  commitRef.current = () => (draft.trim() === '' && !editing) || take(draft);

  const edit = (one: Term) => {
    setEditing(one);
    write(formatTerm(one));
    inputRef.current?.focus();
  };
  const remove = (one: Term) => {
    onChange((present) => withoutTerm(present, one));
    inputRef.current?.focus();
  };
  const choose = (index: number) => {
    const found = list[index];
    if (!found) return;
    if (found.isDone) take(found.text);
    else write(found.text);
    inputRef.current?.focus();
  };
  const focusChip = (index: number) => chips.current?.querySelectorAll<HTMLElement>('[data-chip]')[index]?.focus();

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return;
    const input = event.currentTarget;
    const isAtStart = input.selectionStart === 0 && input.selectionEnd === 0;
    const last = terms.at(-1);
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setIsOpen(true);
      if (list.length === 0) return;
      const step = event.key === 'ArrowDown' ? 1 : -1;
      const from = isOpen ? chosen : -1;
      setActive((from + step + list.length + (from === -1 && step === -1 ? 1 : 0)) % list.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (option && !isWhole(draft, list)) choose(list.indexOf(option));
      else if (draft.trim() !== '') take(draft);
      else if (editing) remove(editing);
      else setIsOpen(false);
    } else if (event.key === 'Escape') {
      if (isOpen) setIsOpen(false);
      else if (draft !== '' || editing) finish();
      else return;
      event.preventDefault();
      event.stopPropagation();
    } else if (event.key === 'Backspace' && isAtStart && draft === '' && last && !editing) {
      event.preventDefault();
      edit(last);
    } else if (event.key === 'ArrowLeft' && isAtStart && last) {
      event.preventDefault();
      focusChip(terms.length - 1);
    }
  };

  const said = wrong ?? problem;
  const listId = `${id}-list`;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only listens for the focus to leave what is inside
    <div
      className="query-line"
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setIsOpen(false);
      }}
    >
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: keys go to the field itself */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a click beside the chips goes to the field */}
      <div
        className={cx('query-box', said && 'invalid')}
        onClick={(event) => event.target === event.currentTarget && inputRef.current?.focus()}
      >
        <ul ref={chips} className="chips" aria-label="Conditions">
          {terms.map((one, i) => (
            <Chip
              key={formatTerm(one)}
              term={one}
              onEdit={() => edit(one)}
              onRemove={() => remove(one)}
              onLeft={() => focusChip(i - 1)}
              onRight={() => (i + 1 < terms.length ? focusChip(i + 1) : inputRef.current?.focus())}
            />
          ))}
        </ul>
        <input
          ref={inputRef}
          className="mono"
          role="combobox"
          aria-label="Query"
          aria-expanded={isOpen}
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={option ? `${id}-${list.indexOf(option)}` : undefined}
          aria-invalid={said ? true : undefined}
          aria-describedby={said ? `${id}-said` : undefined}
          autoComplete="off"
          autoCapitalize="off"
          autoCorrect="off"
          spellCheck={false}
          enterKeyHint="search"
          placeholder={terms.length === 0 && !editing ? 'service = payment, http.route = /charges, or a trace id' : ''}
          value={draft}
          onChange={(event) => write(event.target.value)}
          onClick={() => setIsOpen(true)}
          onKeyDown={onKeyDown}
          onPaste={(event) => {
            const traceId = draft === '' ? parseTraceId(event.clipboardData.getData('text')) : null;
            if (!traceId) return;
            event.preventDefault();
            openTrace(traceId);
          }}
        />
      </div>
      {isOpen ? (
        <SuggestionList
          id={listId}
          optionId={(index) => `${id}-${index}`}
          list={list}
          active={option ? list.indexOf(option) : -1}
          isLoading={isLoading}
          hint={hint}
          title={stage.kind === 'key' ? 'Fields and attributes' : `Values of ${stage.name}`}
          onChoose={choose}
        />
      ) : null}
      {said ? (
        <p id={`${id}-said`} className="bad pt-1 text-sm" role="alert">
          ✕ {said}
        </p>
      ) : null}
    </div>
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

interface ChipProps {
  term: Term;
  onEdit: () => void;
  onRemove: () => void;
  onLeft: () => void;
  onRight: () => void;
}

function Chip({ term, onEdit, onRemove, onLeft, onRight }: ChipProps) {
  const text = formatTerm(term);
  const onKeyDown = (event: KeyboardEvent<HTMLButtonElement>) => {
    const act = { ArrowLeft: onLeft, ArrowRight: onRight, Delete: onRemove, Backspace: onRemove }[event.key];
    if (!act || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    act();
  };
  return (
    <li className="chip">
      <button
        type="button"
        data-chip=""
        aria-label={`${text}: edit`}
        aria-keyshortcuts="Enter Delete"
        onClick={onEdit}
        onKeyDown={onKeyDown}
      >
        {text}
      </button>
      <button type="button" className="off" tabIndex={-1} aria-label={`Remove ${text}`} onClick={onRemove}>
        ✕
      </button>
    </li>
  );
}
