'use client';
import './explore.css';
import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTimeRange } from '#components/charts/time-range.tsx';
import { useWidth } from '#components/charts/use-width.ts';
import { Button } from '#components/ui/button.tsx';
import { formatSpan } from '#components/ui/format-time.ts';
import { Kbd } from '#components/ui/kbd.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { ExploreChart } from './explore-chart.tsx';
import { ExploreTable } from './explore-table.tsx';
import { formatStep, mostQueries, parseStep, queryName } from './explore-url.ts';
import { promqlClient } from './promql-client.ts';
import { QueryLine } from './query-line.tsx';
import { RecentButton } from './recent-button.tsx';
import { keepRecent } from './recent-queries.ts';
import { resultState } from './result-state.ts';
import { useInstants, useRanges } from './run-queries.ts';
import { Starters } from './starters.tsx';
import { type Explore as State, useExplore } from './use-explore.ts';

const steps = ['5s', '15s', '30s', '1m', '2m', '5m', '15m', '30m', '1h', '6h', '1d'];

/** PromQL by hand: several queries, their results as a chart or a table, all of it in the address. */
export function Explore() {
  const state = useExplore();
  const time = useTimeRange();
  const cache = useQueryClient();
  const client = useMemo(() => promqlClient(cache), [cache]);
  const [box, width] = useWidth<HTMLDivElement>();
  const [first] = useState(() => state.rows[0]?.id);
  const isChart = state.view === 'chart';
  const ranges = useRanges(state.rows, time, { width, stepMs: state.stepMs, enabled: isChart });
  const instants = useInstants(state.rows, time, { enabled: !isChart });
  const ran = isChart ? ranges : instants;
  const isEmpty = state.rows.every(({ expr }) => expr.trim() === '');

  const run = () => {
    keepRecent(state.run());
    // What was asked before is asked again; what changed is asked by its new key.
    void cache.invalidateQueries({ queryKey: ['explore', 'query'] });
    void cache.invalidateQueries({ queryKey: ['explore', 'query_range'] });
  };
  const choose = (expr: string) => {
    state.load([expr]);
    keepRecent([expr]);
  };
  const stepMs = ranges.find(({ result }) => result.data)?.result.data?.grid.stepMs;

  return (
    <div ref={box} className="stack">
      <Head state={state} onRun={run} onChoose={choose} />
      <Panel title="Queries" meta={<Keys />} flush>
        {state.rows.map((row, i) => (
          <QueryLine
            key={row.id}
            name={queryName(i)}
            row={row}
            ran={ran.find(({ id }) => id === row.id)}
            client={client}
            autoFocus={isEmpty || row.id !== first ? row.draft === '' : false}
            onEdit={(draft) => state.edit(row.id, draft)}
            onRun={run}
            onToggle={() => state.toggle(row.id)}
            onDuplicate={state.rows.length < mostQueries ? () => state.duplicate(row.id) : undefined}
            onRemove={() => state.remove(row.id)}
            onUnit={(unit) => state.setUnit(row.id, unit)}
          />
        ))}
        <div className="row border-t border-line px-3 py-2">
          <Button size="sm" onClick={state.add} disabled={state.rows.length >= mostQueries}>
            Add a query
          </Button>
          {state.rows.length >= mostQueries ? <span className="faint">{mostQueries} queries are the most.</span> : null}
        </div>
      </Panel>
      {isEmpty ? (
        <Starters onChoose={choose} />
      ) : (
        <Panel
          title={isChart ? 'Chart' : 'Table'}
          meta={isChart && stepMs ? `a point every ${formatSpan(stepMs)}` : undefined}
          state={resultState(ran)}
          bodyHeight={320}
          flush={!isChart}
        >
          {isChart ? (
            <ExploreChart queries={ranges} time={time} />
          ) : (
            <ExploreTable queries={instants} zone={time.zone} />
          )}
        </Panel>
      )}
      <div className="actbar">
        <Button variant="primary" onClick={run}>
          Run
        </Button>
      </div>
    </div>
  );
}

function Keys() {
  return (
    <span className="hide-s">
      <Kbd>Shift</Kbd> <Kbd>Enter</Kbd> runs all
    </span>
  );
}

function Head({ state, onRun, onChoose }: { state: State; onRun: () => void; onChoose: (expr: string) => void }) {
  const chosen = state.stepMs === null ? '' : formatStep(state.stepMs);
  const offered = chosen === '' || steps.includes(chosen) ? steps : [chosen, ...steps];
  return (
    <div className="explore-head">
      <h1>Explore</h1>
      <fieldset className="choice" aria-label="Show results as">
        {(['chart', 'table'] as const).map((view) => (
          <button key={view} type="button" aria-pressed={state.view === view} onClick={() => state.setView(view)}>
            {view === 'chart' ? 'Chart' : 'Table'}
          </button>
        ))}
      </fieldset>
      {state.view === 'chart' ? (
        <select
          className="input"
          aria-label="Step between points"
          value={chosen}
          onChange={(event) => state.setStep(parseStep(event.target.value))}
        >
          <option value="">Step: auto</option>
          {offered.map((step) => (
            <option key={step} value={step}>
              Step: {step}
            </option>
          ))}
        </select>
      ) : null}
      <RecentButton onChoose={onChoose} />
      <Button variant="primary" className="hide-s" onClick={onRun}>
        {state.isEdited || state.rows.every(({ expr }) => expr === '') ? 'Run' : 'Run again'}
      </Button>
    </div>
  );
}
