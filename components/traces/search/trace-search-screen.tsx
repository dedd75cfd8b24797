'use client';
import './search.css';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { Button, buttonClass } from '#components/ui/button.tsx';
import { Link } from '#components/ui/link.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { type PanelState, showsContent } from '#components/ui/panel-state.ts';
import type { TraceList } from '#lib/traces/schemas.ts';
import { searchProblem, tracesState } from './answer-words.ts';
import type { Cohort } from './cohort-url.ts';
import { DiffersPanel } from './differs-panel.tsx';
import { DurationPanel } from './duration-panel.tsx';
import { saidOf } from './said.tsx';
import { SearchHead } from './search-head.tsx';
import { anything, isFiltered, type TraceFilters, writeSearch } from './search-url.ts';
import { type Term, withTerms } from './terms.ts';
import { TraceList as TraceListPanel } from './trace-list.tsx';
import { typicalPair } from './typical.ts';
import { type Results, useResults } from './use-results.ts';
import { useTraceSearch } from './use-trace-search.ts';

const offeredServices = 12;

/** Searches traces, shows how long they took, and says what a part of them has that the rest has not. */
export function TraceSearchScreen() {
  const client = useQueryClient();
  const [search, set] = useTraceSearch();
  const { cohort, picked, ...filters } = search;
  const [isLong, setIsLong] = useState(false);
  const results = useResults(search, isLong);
  const { drawn, list, analysis, facets, asked, needsService, range } = results;
  const setCohort = useCallback((next: Cohort | null) => set({ cohort: next }), [set]);
  const setPicked = useCallback((next: readonly string[]) => set({ picked: next }), [set]);
  const problem = searchProblem(drawn.error) ?? searchProblem(list.error) ?? undefined;
  const asks = writeSearch(new URLSearchParams(asked), { ...search, picked: [] }).toString();
  const addFilter = (filter: string, service: string | null) => {
    const terms: Term[] = [{ field: 'attribute', filter }];
    if (service === null) return set((present) => withTerms(present, terms));
    // Other spans take other times: a selection by duration would mean something else.
    const isByDuration = cohort?.kind === 'box' || cohort?.kind === 'slow';
    set({
      ...withTerms({ ...filters, attributes: [], minMs: null, maxMs: null }, [
        { field: 'service', value: service },
        ...terms,
      ]),
      cohort: isByDuration ? null : cohort,
    });
  };
  const clear = () => set({ ...anything, cohort: null });
  const nothing = nothingFound(filters, drawn.data, { clear, lookBack: range.zoomOut });
  const state = stateOf(drawn, nothing);

  return (
    <div className="stack">
      <SearchHead
        filters={filters}
        range={asked}
        facets={facets.data}
        problem={problem}
        onChange={set}
        onSearch={() => void client.invalidateQueries({ queryKey: ['traces'] })}
      />
      {needsService ? (
        <ChooseService services={facets.data?.services ?? []} onChoose={(service) => set({ service })} />
      ) : (
        <>
          <DurationPanel
            results={results}
            state={state}
            cohort={cohort}
            onCohort={setCohort}
            withSpan={filters.service !== null}
          />
          {showsContent(state) || state.kind === 'loading' ? (
            <div className={cohort ? 'c2 traces-c2' : 'stack'}>
              {cohort ? (
                <DiffersPanel
                  analysis={analysis.data}
                  state={stateOf({ ...analysis, data: analysis.data }, null)}
                  service={filters.service}
                  filters={filters.attributes}
                  onFilter={addFilter}
                />
              ) : null}
              <TraceListPanel
                title={cohort ? 'In the selection' : 'Traces'}
                answer={list.data}
                searchKey={`${asks} ${isLong}`}
                isStandIn={list.isPlaceholderData}
                state={stateOf(list, cohort ? noneSelected(() => setCohort(null)) : nothing)}
                range={range}
                withSpan={filters.service !== null}
                isNarrow={cohort !== null}
                picked={picked}
                onPicked={setPicked}
                isLong={isLong}
                onLonger={() => setIsLong(true)}
                isSaid={cohort !== null}
                actions={cohort ? <CompareWithRest results={results} /> : undefined}
              />
            </div>
          ) : null}
        </>
      )}
    </div>
  );
}

type Query = Parameters<typeof tracesState>[0];

type Answered = Query & { data: (Query['data'] & { items?: readonly unknown[] }) | undefined };

function stateOf(query: Answered, empty: PanelState | null): PanelState {
  const state = tracesState(query);
  const isEmpty = query.data?.items?.length === 0;
  return empty && isEmpty && (state.kind === 'ok' || state.kind === 'partial') ? empty : state;
}

function nothingFound(
  filters: TraceFilters,
  answer: TraceList | undefined,
  on: { clear: () => void; lookBack: () => void },
): PanelState {
  const { failed, quiet } = answer ? saidOf(answer) : { failed: [], quiet: [] };
  const hint = (text: string) => (
    <>
      {[text, ...failed].join(' ')} <span className="faint">{quiet.join(' ')}</span>
    </>
  );
  const lookBack = <Button onClick={on.lookBack}>Look twice as far</Button>;
  if (!isFiltered(filters)) {
    return {
      kind: 'empty',
      title: 'No trace in this time',
      hint: hint('Nothing was sent, or it is older than what is kept. Look further back.'),
      action: lookBack,
    };
  }
  return {
    kind: 'empty',
    title: 'No trace matches',
    hint: hint('Remove a condition, allow any duration and status, or look further back.'),
    action: (
      <span className="row wrap">
        <Button onClick={on.clear}>Remove all conditions</Button>
        {lookBack}
      </span>
    ),
  };
}

const noneSelected = (onClear: () => void): PanelState => ({
  kind: 'empty',
  title: 'No trace is in the selection',
  hint: 'It has moved out of the time that is looked at, or a condition leaves nothing of it.',
  action: <Button onClick={onClear}>Clear the selection</Button>,
});

function ChooseService({ services, onChoose }: { services: readonly string[]; onChoose: (service: string) => void }) {
  const offered = services.slice(0, offeredServices);
  return (
    <Panel
      title="Duration"
      state={{
        kind: 'empty',
        title: 'Choose a service',
        hint: 'The source of traces can search only within one.',
        action: (
          <span className="row wrap">
            {offered.map((service) => (
              <Button key={service} onClick={() => onChoose(service)}>
                {service}
              </Button>
            ))}
            {services.length > offered.length ? (
              <span className="faint">
                and {services.length - offered.length} more: type service = in the line above
              </span>
            ) : null}
          </span>
        ),
      }}
      bodyHeight={260}
    />
  );
}

/** Leads to a typical trace of the selection beside a typical one of the rest. */
function CompareWithRest({ results: { found, selected } }: { results: Results }) {
  const pair = useMemo(() => {
    const ids = new Set(selected.map(({ traceId }) => traceId));
    return typicalPair(
      selected,
      found.filter(({ traceId }) => !ids.has(traceId)),
    );
  }, [found, selected]);
  if (!pair) return null;
  return (
    <Link
      href={`/traces/${pair.rest.traceId}?view=compare&with=${pair.selected.traceId}`}
      className={buttonClass({ variant: 'quiet', size: 'sm' })}
      title="A typical trace of the rest, beside a typical one of the selection"
    >
      Compare with the rest
    </Link>
  );
}
