'use client';
import { useId, useMemo, useRef, useState } from 'react';
import { useCommands } from '#components/shell/commands.tsx';
import type { Command } from '#components/shell/types.ts';
import { Button } from '#components/ui/button.tsx';
import { Menu } from '#components/ui/menu.tsx';
import type { TraceFacets } from '#lib/traces/schemas.ts';
import { DurationButton } from './duration-button.tsx';
import { QueryLine } from './query-line.tsx';
import type { TraceFilters } from './search-url.ts';
import type { AskedRange } from './use-suggestions.ts';

export interface SearchHeadProps {
  filters: TraceFilters;
  range: AskedRange;
  facets: TraceFacets | undefined;
  problem: string | undefined;
  onChange: (change: Partial<TraceFilters> | ((filters: TraceFilters) => TraceFilters)) => void;
  /** Asks again. */
  onSearch: () => void;
}

const statusWords = { error: 'Errors only', ok: 'Ok only' } as const;

/** The line in which one says what is searched for. */
export function SearchHead({ filters, range, facets, problem, onChange, onSearch }: SearchHeadProps) {
  const input = useRef<HTMLInputElement>(null);
  const commit = useRef<(() => boolean) | null>(null);
  const sources = facets?.sources ?? [];
  useSlash(input);
  return (
    <search className="search-head" aria-label="Search traces">
      <h1>Traces</h1>
      <QueryLine
        filters={filters}
        range={range}
        onChange={onChange}
        problem={filters.q ? undefined : problem}
        inputRef={input}
        commitRef={commit}
      />
      <div className="row wrap">
        <DurationButton minMs={filters.minMs} maxMs={filters.maxMs} onChange={onChange} />
        <Menu
          label="Status of the span"
          align="end"
          items={[
            {
              id: 'any',
              label: 'Any status',
              checked: filters.status === null,
              onSelect: () => onChange({ status: null }),
            },
            ...(['error', 'ok'] as const).map((status) => ({
              id: status,
              label: statusWords[status],
              checked: filters.status === status,
              onSelect: () => onChange({ status }),
            })),
          ]}
          trigger={<Button>{filters.status ? statusWords[filters.status] : 'Any status'}</Button>}
        />
        {sources.length > 1 || filters.source ? (
          <Menu
            label="Source"
            align="end"
            items={[
              { id: '', label: 'Every source', checked: !filters.source, onSelect: () => onChange({ source: null }) },
              ...sources.map(({ id, name, kind }) => ({
                id,
                label: name,
                hint: kind,
                checked: filters.source === id,
                onSelect: () => onChange({ source: id }),
              })),
            ]}
            trigger={
              <Button>
                {sources.find(({ id }) => id === filters.source)?.name ?? filters.source ?? 'Every source'}
              </Button>
            }
          />
        ) : null}
        <Button
          variant="primary"
          onClick={() => {
            if (commit.current?.() !== false) onSearch();
          }}
        >
          Search
        </Button>
      </div>
      {facets?.queryLanguage === 'traceql' || filters.q ? (
        <TraceQl q={filters.q} problem={problem} onChange={onChange} />
      ) : null}
    </search>
  );
}

/** `/` brings one to the field from anywhere on the page. */
function useSlash(input: React.RefObject<HTMLInputElement | null>): void {
  const commands = useMemo(
    (): Command[] => [
      {
        id: 'traces.query',
        title: 'Write what to search for',
        group: 'Traces',
        shortcut: '/',
        run: () => {
          input.current?.focus();
          // A click opens the list of what can be written.
          input.current?.click();
        },
      },
    ],
    [input],
  );
  useCommands(commands);
}

/** A query in the source's own language, beside the conditions of the line. */
function TraceQl({ q, problem, onChange }: { q: string } & Pick<SearchHeadProps, 'problem' | 'onChange'>) {
  const id = useId();
  const said = q ? problem : undefined;
  const [text, setText] = useState(q);
  const [known, setKnown] = useState(q);
  // Back, forward or a link: the address is right.
  if (known !== q) {
    setKnown(q);
    setText(q);
  }
  return (
    <form
      className="traceql"
      onSubmit={(event) => {
        event.preventDefault();
        onChange({ q: text.trim() });
      }}
    >
      <label className="row">
        <span className="dim flex-none">TraceQL</span>
        <input
          className="input mono"
          value={text}
          placeholder="{ span.http.status_code >= 500 }"
          autoComplete="off"
          spellCheck={false}
          aria-invalid={said ? true : undefined}
          aria-describedby={said ? id : undefined}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <Button type="submit" disabled={text.trim() === q}>
        Run
      </Button>
      {q ? (
        <Button variant="quiet" onClick={() => onChange({ q: '' })}>
          Clear
        </Button>
      ) : null}
      {said ? (
        <p id={id} className="bad basis-full text-sm" role="alert">
          ✕ {said}
        </p>
      ) : null}
    </form>
  );
}
