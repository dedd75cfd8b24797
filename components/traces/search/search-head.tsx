'use client';
import { useId, useMemo, useRef, useState } from 'react';
import { useCommands } from '#components/shell/commands.tsx';
import type { Command } from '#components/shell/types.ts';
import { Button } from '#components/ui/button.tsx';
import { ChoiceMenu } from '#components/ui/choice-menu.tsx';
import type { TraceFacets } from '#lib/traces/schemas.ts';
import { DurationButton } from './duration-button.tsx';
import { TraceQueryLine } from './query-line.tsx';
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

const statuses = [
  { id: 'error', label: 'Errors only' },
  { id: 'ok', label: 'Ok only' },
] as const;

/** The line in which one says what is searched for. */
export function SearchHead({ filters, range, facets, problem, onChange, onSearch }: SearchHeadProps) {
  const input = useRef<HTMLInputElement>(null);
  const commit = useRef<(() => boolean) | null>(null);
  const sources = facets?.sources ?? [];
  useSlash(input);
  return (
    <search className="search-head" aria-label="Search traces">
      <h1>Traces</h1>
      <TraceQueryLine
        filters={filters}
        range={range}
        onChange={onChange}
        problem={filters.q ? undefined : problem}
        inputRef={input}
        commitRef={commit}
      />
      <div className="row wrap">
        <DurationButton minMs={filters.minMs} maxMs={filters.maxMs} onChange={onChange} />
        <ChoiceMenu
          label="Status of the span"
          none="Any status"
          choices={statuses}
          chosen={filters.status}
          onChoose={(status) => onChange({ status })}
        />
        {sources.length > 1 || filters.source ? (
          <ChoiceMenu
            label="Source"
            none="Every source"
            choices={sources.map(({ id, name, kind }) => ({ id, label: name, hint: kind }))}
            chosen={filters.source}
            onChoose={(source) => onChange({ source })}
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
