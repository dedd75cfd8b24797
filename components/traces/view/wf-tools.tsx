'use client';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import { Menu, type MenuItem } from '../../ui/menu.tsx';
import { formatNs } from './span-time.ts';
import type { TraceModel } from './trace-model.ts';
import type { OpenRows, TraceViewState } from './trace-url.ts';
import type { Matches } from './use-matches.ts';
import type { ChangeView } from './use-trace-view.ts';
import { countText } from './words.ts';

export interface WfToolsProps {
  model: TraceModel;
  state: TraceViewState;
  change: ChangeView;
  matches: Matches;
  /** Place of the selected span among the matches, from 0; -1 where it is none of them. */
  matchPlace: number;
  onMatch: (direction: 1 | -1) => void;
  onError: (direction: 1 | -1) => void;
}

const mostLevels = 6;

/** Over the rows: search, errors, what is open, clocks, and what the marks mean. */
export function WfTools({ model, state, change, matches, matchPlace, onMatch, onError }: WfToolsProps) {
  const { trace } = model;
  const setRows = (rows: OpenRows) => change({ rows, flipped: [] });
  const isClosed = state.rows.kind === 'level' && state.rows.level === 1;
  const levels = Math.min(mostLevels, trace.depth - 1);
  const items: MenuItem[] = [
    { id: 'all', label: 'All rows', checked: state.rows.kind === 'all', onSelect: () => setRows({ kind: 'all' }) },
    ...Array.from({ length: Math.max(0, levels - 1) }, (_, i) => ({
      id: `level-${i + 2}`,
      label: `${i + 2} levels`,
      group: 'Depth',
      checked: state.rows.kind === 'level' && state.rows.level === i + 2,
      onSelect: () => setRows({ kind: 'level', level: i + 2 }),
    })),
    {
      id: 'errors',
      label: 'Only what leads to errors',
      group: 'Errors',
      checked: state.rows.kind === 'errors',
      disabled: trace.errorCount === 0,
      onSelect: () => setRows({ kind: 'errors' }),
    },
    ...(model.skewed
      ? [
          {
            id: 'clocks',
            label: 'Set clocks right',
            group: 'Clocks',
            checked: !state.rawClocks,
            onSelect: () => change({ rawClocks: !state.rawClocks }),
          },
        ]
      : []),
  ];
  return (
    <div className="wf-tools">
      <FindBox state={state} change={change} onMatch={onMatch} />
      {matches.label !== null ? (
        <span className="row gap-1" role="status">
          <span className="dim nowrap">
            {matchPlace >= 0 ? `${matchPlace + 1} of ` : ''}
            {countText(matches.spans.length, 'span')}
            {state.find.trim() === '' ? `: ${matches.label}` : ''}
            {matches.isSearching ? ', searching…' : ''}
          </span>
          <Button size="sm" variant="quiet" icon aria-label="Previous match (p)" onClick={() => onMatch(-1)}>
            ↑
          </Button>
          <Button size="sm" variant="quiet" icon aria-label="Next match (n)" onClick={() => onMatch(1)}>
            ↓
          </Button>
          <Button
            size="sm"
            variant="quiet"
            icon
            aria-label="Clear the marks"
            onClick={() => change({ find: '', mark: null })}
          >
            ✕
          </Button>
        </span>
      ) : null}
      {matches.problem ? <span className="warn text-sm">{matches.problem}</span> : null}
      {trace.errorCount > 0 ? (
        <Button size="sm" variant="quiet" onClick={() => onError(1)}>
          Next error{' '}
          <span className="hide-s">
            <Kbd>e</Kbd>
          </span>
        </Button>
      ) : null}
      {trace.depth > 1 ? (
        <Button
          size="sm"
          variant="quiet"
          onClick={() => setRows(isClosed ? { kind: 'all' } : { kind: 'level', level: 1 })}
        >
          {isClosed ? '▸ Expand all' : '▾ Collapse all'}
        </Button>
      ) : null}
      {trace.depth > 1 || model.skewed ? (
        <Menu
          label="Rows and clocks"
          items={items}
          trigger={
            <Button size="sm" variant="quiet">
              {state.rows.kind === 'errors'
                ? 'Only errors'
                : state.rows.kind === 'level' && state.rows.level > 1
                  ? `${state.rows.level} levels`
                  : 'Rows'}{' '}
              ▾
            </Button>
          }
        />
      ) : null}
      <span className="legend">
        <span>
          <i />
          critical path
        </span>
        <span className="bad">✕ error</span>
        <span className="hide-s">pale: asynchronous</span>
      </span>
    </div>
  );
}

/** What setting clocks right moves, as words. */
export function skewText({ skewed }: TraceModel): string {
  const services = skewed?.services.slice(0, 4) ?? [];
  return services
    .map(
      ({ name, spans, byNs }) =>
        `${name} by ${byNs < 0 ? '−' : '+'}${formatNs(Math.abs(byNs))} (${countText(spans, 'span')})`,
    )
    .join(', ');
}

function FindBox({ state, change, onMatch }: Pick<WfToolsProps, 'state' | 'change' | 'onMatch'>) {
  // What is typed is shown at once; marking follows when the browser has time for it.
  const [text, setText] = useState(state.find);
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (document.activeElement !== box.current || state.find === '') setText(state.find);
  }, [state.find]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') {
      event.preventDefault();
      onMatch(event.shiftKey ? -1 : 1);
    } else if (event.key === 'Escape' && text !== '') {
      event.preventDefault();
      setText('');
      change({ find: '' });
    }
  };
  return (
    <input
      ref={box}
      className="input find"
      type="search"
      id="find-in-trace"
      placeholder="Search in this trace"
      aria-label="Search in this trace"
      value={text}
      maxLength={200}
      onKeyDown={onKeyDown}
      onChange={(event) => {
        setText(event.target.value);
        change({ find: event.target.value, mark: null });
      }}
    />
  );
}
