'use client';
import { useEffect, useRef } from 'react';
import type { Suggestion } from './suggestion.ts';

export interface SuggestionListProps {
  id: string;
  optionId: (index: number) => string;
  title: string;
  /** Shown in place of the title: what is to be known of where the list comes from. */
  hint?: string;
  list: readonly Suggestion[];
  active: number;
  isLoading: boolean;
  onChoose: (index: number) => void;
}

/** What can be written next, below the line. The field keeps the focus; the list only shows. */
export function SuggestionList(props: SuggestionListProps) {
  const { id, optionId, title, hint, list, active, isLoading, onChoose } = props;
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current?.querySelectorAll('[role=option]')[active]?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  return (
    <div className="suggestions">
      <div className="faint px-2 pt-1 pb-0.5 text-xs">{hint ?? title}</div>
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
