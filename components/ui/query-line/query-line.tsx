'use client';
import { type KeyboardEvent, type RefObject, useEffect, useId, useRef } from 'react';
import { cx } from '../cx.ts';
import { Chip } from './chip.tsx';
import { type EnterMeans, nextOption } from './options.ts';
import './query-line.css';
import type { Suggestion } from './suggestion.ts';
import { SuggestionList } from './suggestion-list.tsx';
import type { Line } from './use-line.ts';

export interface QueryLineProps {
  line: Line;
  /** Name of the field. */
  label: string;
  placeholder: string;
  /** The key that brings one to the field, where the page listens for one. */
  shortcut?: string;
  /** The conditions that stand, each another text. */
  chips: readonly string[];
  /** A condition that stood is being written anew: it is none of the chips. */
  isEditing?: boolean;
  list: readonly Suggestion[];
  /** Names the list; `hint` is shown in its place. */
  title: string;
  hint?: string;
  isLoading: boolean;
  enterMeans: EnterMeans;
  /** The option that Enter takes where none was chosen, −1 for none. */
  meant?: number;
  /** Whether what was written stands by itself, so that Enter means it and none of the options. */
  isWhole?: (draft: string) => boolean;
  /** What is wrong with what stands. */
  problem: string | undefined;
  inputRef: RefObject<HTMLInputElement | null>;
  /** Takes what is being written; false where it cannot be read. */
  commitRef: RefObject<(() => boolean) | null>;
  /** Takes a text; says why it cannot where it cannot. */
  onTake: (text: string) => string | null;
  /** Its text is about to be written in the field. */
  onEdit: (index: number) => void;
  onRemove: (index: number) => void;
  /** Escape while the list is closed: what was written is to go. */
  onAbandon: () => void;
  /** Whether a text that is pasted was taken care of. */
  onPaste?: (text: string) => boolean;
}

/** Conditions as one line: each a chip that can be edited and removed, the next one typed at its end. */
export function QueryLine(props: QueryLineProps) {
  const { line, chips, isEditing = false, list, enterMeans, meant = -1, inputRef, commitRef } = props;
  const { draft, isOpen } = line;
  const id = useId();
  const chipList = useRef<HTMLUListElement>(null);
  const chosen = line.active >= 0 ? line.active : meant;
  const option = isOpen ? Math.min(chosen, list.length - 1) : -1;

  const focus = () => inputRef.current?.focus();
  const focusChip = (index: number) => chipList.current?.querySelectorAll<HTMLElement>('[data-chip]')[index]?.focus();
  const take = (text: string): boolean => {
    const why = props.onTake(text);
    if (why === null) line.finish();
    else line.refuse(why);
    return why === null;
  };
  useEffect(() => {
    commitRef.current = () => (draft.trim() === '' && !isEditing) || take(draft);
  });
  const edit = (index: number) => {
    props.onEdit(index);
    line.write(chips[index] ?? '');
    focus();
  };
  const remove = (index: number) => {
    props.onRemove(index);
    focus();
  };
  const choose = (index: number) => {
    const found = list[index];
    if (!found) return;
    if (found.isDone) take(found.text);
    else line.write(found.text);
    focus();
  };

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return;
    const { selectionStart, selectionEnd } = event.currentTarget;
    const isAtStart = selectionStart === 0 && selectionEnd === 0;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      line.setIsOpen(true);
      const from = isOpen || enterMeans === 'written' ? Math.min(chosen, list.length - 1) : -1;
      line.setActive(nextOption(from, event.key === 'ArrowDown' ? 1 : -1, list.length, enterMeans));
    } else if (event.key === 'Enter') {
      if (option >= 0 && !props.isWhole?.(draft)) choose(option);
      else if (draft.trim() !== '' || isEditing) take(draft);
      else line.setIsOpen(false);
    } else if (event.key === 'Tab' && enterMeans === 'written' && option >= 0 && !event.shiftKey) {
      choose(option);
    } else if (event.key === 'Escape' && (isOpen || draft !== '' || isEditing)) {
      event.stopPropagation();
      if (isOpen) line.setIsOpen(false);
      else props.onAbandon();
    } else if (event.key === 'Backspace' && draft === '' && chips.length > 0 && !isEditing) {
      edit(chips.length - 1);
    } else if (event.key === 'ArrowLeft' && isAtStart && chips.length > 0) {
      focusChip(chips.length - 1);
    } else return;
    event.preventDefault();
  };

  const said = line.wrong ?? props.problem;
  const listId = `${id}-list`;
  const optionId = (index: number) => `${id}-${index}`;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only listens for the focus to leave what is inside
    <div
      className="query-line"
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) line.setIsOpen(false);
      }}
    >
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: keys go to the field itself */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a click beside the chips goes to the field */}
      <div
        className={cx('query-box', said && 'invalid')}
        onClick={(event) => event.target === event.currentTarget && focus()}
      >
        <ul ref={chipList} className="chips" aria-label="Conditions">
          {chips.map((text, index) => (
            <Chip
              key={text}
              text={text}
              onEdit={() => edit(index)}
              onRemove={() => remove(index)}
              onMove={(step) => (index + step < chips.length ? focusChip(index + step) : focus())}
            />
          ))}
        </ul>
        <input
          ref={inputRef}
          role="combobox"
          aria-label={props.label}
          aria-expanded={isOpen}
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={option >= 0 ? optionId(option) : undefined}
          aria-invalid={said ? true : undefined}
          aria-describedby={said ? `${id}-said` : undefined}
          aria-keyshortcuts={props.shortcut}
          autoComplete="off"
          autoCapitalize="off"
          autoCorrect="off"
          spellCheck={false}
          enterKeyHint="search"
          placeholder={chips.length === 0 && !isEditing ? props.placeholder : ''}
          value={draft}
          onChange={(event) => line.write(event.target.value)}
          onClick={() => line.setIsOpen(true)}
          onKeyDown={onKeyDown}
          onPaste={(event) => {
            if (props.onPaste?.(event.clipboardData.getData('text'))) event.preventDefault();
          }}
        />
      </div>
      {isOpen ? (
        <SuggestionList
          id={listId}
          optionId={optionId}
          list={list}
          active={option}
          isLoading={props.isLoading}
          hint={props.hint}
          title={props.title}
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
