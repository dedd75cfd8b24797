'use client';
import { type KeyboardEvent, type RefObject, useEffect, useId, useRef, useState } from 'react';
import { cx } from '../ui/cx.ts';
import { isTyping } from '../ui/is-typing.ts';
import type { LogFilters } from './logs-url.ts';
import { formatTerm, parseLine, type Term, termsOf, withoutTerm, withTerms } from './terms.ts';
import { type AskedRange, useSuggestions } from './use-suggestions.ts';

export interface QueryLineProps {
  filters: LogFilters;
  range: AskedRange;
  onChange: (filters: LogFilters) => void;
  /** What the server says is wrong with the search. */
  problem: string | undefined;
  /** Takes what is being written into the search; false where it cannot be read. */
  commitRef: RefObject<(() => boolean) | null>;
}

/** The search as one line: each condition a chip that can be edited and removed, the next one typed at its end. */
export function QueryLine({ filters, range, onChange, problem, commitRef }: QueryLineProps) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const chips = useRef<HTMLUListElement>(null);
  const [draft, setDraft] = useState('');
  const [isOpen, setIsOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const [wrong, setWrong] = useState<string | null>(null);
  const { list, title, isLoading } = useSuggestions(draft, { range, services: filters.services, isOpen });
  useSlash(input);
  const terms = termsOf(filters);
  const shownActive = Math.min(active, list.length - 1);

  const write = (text: string) => {
    setDraft(text);
    setActive(-1);
    setWrong(null);
    setIsOpen(true);
  };
  const take = (text: string): boolean => {
    const read = parseLine(text);
    if (typeof read === 'string') {
      setWrong(read);
      setIsOpen(false);
      return false;
    }
    onChange(withTerms(filters, read));
    write('');
    setIsOpen(false);
    return true;
  };
  useEffect(() => {
    commitRef.current = () => draft.trim() === '' || take(draft);
  });
  const edit = (term: Term) => {
    onChange(withoutTerm(filters, term));
    write(formatTerm(term));
    input.current?.focus();
  };
  const remove = (term: Term) => {
    onChange(withoutTerm(filters, term));
    input.current?.focus();
  };
  const choose = (index: number) => {
    const found = list[index];
    if (!found) return;
    if (found.isDone) take(found.text);
    else write(found.text);
    input.current?.focus();
  };
  const focusChip = (index: number) => chips.current?.querySelectorAll<HTMLElement>('[data-chip]')[index]?.focus();

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return;
    const { selectionStart, selectionEnd } = event.currentTarget;
    const isAtStart = selectionStart === 0 && selectionEnd === 0;
    const last = terms.at(-1);
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setIsOpen(true);
      const step = event.key === 'ArrowDown' ? 1 : -1;
      // One place more than there are options: none of them, what was written.
      setActive(((shownActive + 1 + step + list.length + 1) % (list.length + 1)) - 1);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (isOpen && shownActive >= 0) choose(shownActive);
      else if (draft.trim() !== '') take(draft);
      else setIsOpen(false);
    } else if (event.key === 'Tab' && isOpen && shownActive >= 0 && !event.shiftKey) {
      event.preventDefault();
      choose(shownActive);
    } else if (event.key === 'Escape' && (isOpen || draft !== '')) {
      event.preventDefault();
      event.stopPropagation();
      if (isOpen) setIsOpen(false);
      else write('');
    } else if (event.key === 'Backspace' && draft === '' && last) {
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
      className="log-query"
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setIsOpen(false);
      }}
    >
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: keys go to the field itself */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a click beside the chips goes to the field */}
      <div
        className={cx('box', said && 'invalid')}
        onClick={(event) => event.target === event.currentTarget && input.current?.focus()}
      >
        <ul ref={chips} aria-label="Conditions">
          {terms.map((term, index) => (
            <Chip
              key={formatTerm(term)}
              text={formatTerm(term)}
              onEdit={() => edit(term)}
              onRemove={() => remove(term)}
              onMove={(step) =>
                index + step < terms.length ? focusChip(Math.max(0, index + step)) : input.current?.focus()
              }
            />
          ))}
        </ul>
        <input
          ref={input}
          role="combobox"
          aria-label="Search in logs"
          aria-expanded={isOpen}
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={isOpen && shownActive >= 0 ? `${id}-${shownActive}` : undefined}
          aria-invalid={said ? true : undefined}
          aria-describedby={said ? `${id}-said` : undefined}
          aria-keyshortcuts="/"
          autoComplete="off"
          autoCapitalize="off"
          autoCorrect="off"
          spellCheck={false}
          enterKeyHint="search"
          placeholder={terms.length === 0 ? 'declined "no funds", service = payment, order.id = 17, or a trace id' : ''}
          value={draft}
          onChange={(event) => write(event.target.value)}
          onClick={() => setIsOpen(true)}
          onKeyDown={onKeyDown}
        />
      </div>
      {isOpen ? (
        <Suggestions
          id={listId}
          optionId={(index) => `${id}-${index}`}
          title={title}
          list={list}
          active={shownActive}
          isLoading={isLoading}
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

interface ChipProps {
  text: string;
  onEdit: () => void;
  onRemove: () => void;
  onMove: (step: number) => void;
}

function Chip({ text, onEdit, onRemove, onMove }: ChipProps) {
  return (
    <li className="log-chip">
      <button
        type="button"
        data-chip=""
        aria-label={`${text}: edit`}
        aria-keyshortcuts="Enter Delete"
        onClick={onEdit}
        onKeyDown={(event) => {
          if (event.altKey || event.ctrlKey || event.metaKey) return;
          if (event.key === 'ArrowLeft') onMove(-1);
          else if (event.key === 'ArrowRight') onMove(1);
          else if (event.key === 'Delete' || event.key === 'Backspace') onRemove();
          else return;
          event.preventDefault();
        }}
      >
        {text}
      </button>
      <button type="button" className="off" tabIndex={-1} aria-label={`Remove ${text}`} onClick={onRemove}>
        ✕
      </button>
    </li>
  );
}

interface SuggestionsProps {
  id: string;
  optionId: (index: number) => string;
  title: string;
  list: readonly { id: string; label: string; hint?: string }[];
  active: number;
  isLoading: boolean;
  onChoose: (index: number) => void;
}

/** What can be written next, below the line. The field keeps the focus; the list only shows. */
function Suggestions({ id, optionId, title, list, active, isLoading, onChoose }: SuggestionsProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current?.querySelectorAll('[role=option]')[active]?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  return (
    <div className="log-suggestions">
      <div className="faint px-2 pt-1 pb-0.5 text-xs">{title}</div>
      <div ref={box} id={id} role="listbox" aria-label={title}>
        {list.map((one, index) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the field above has the focus
          // biome-ignore lint/a11y/useKeyWithClickEvents: Enter in the field above chooses
          <div
            key={one.id}
            id={optionId(index)}
            role="option"
            aria-selected={index === active}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => onChoose(index)}
          >
            <span className="mono clip">{one.label}</span>
            {one.hint ? <span className="faint text-sm">{one.hint}</span> : null}
          </div>
        ))}
      </div>
      {isLoading || list.length === 0 ? (
        <div className="faint px-2 py-1" role="status">
          {isLoading ? 'Looking…' : 'Nothing known fits; Enter takes it as written.'}
        </div>
      ) : null}
    </div>
  );
}
