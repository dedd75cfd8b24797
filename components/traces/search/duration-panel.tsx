'use client';
import { useRouter } from 'next/navigation';
import { useMemo } from 'react';
import { MarkerLegend } from '#components/charts/marker-legend.tsx';
import type { MarkerKind } from '#components/charts/markers.ts';
import { Scatter, type ScatterBox, ScatterLegend } from '#components/charts/scatter.tsx';
import { Button } from '#components/ui/button.tsx';
import { keepParams } from '#components/ui/keep-params.ts';
import { Menu } from '#components/ui/menu.tsx';
import { Panel } from '#components/ui/panel.tsx';
import type { PanelState } from '#components/ui/panel-state.ts';
import { drawnWords } from './answer-words.ts';
import { boxOfCohort, type CohortChoice, cohortChoices, cohortSentence, cohortWords, isSameCohort } from './cohort.ts';
import type { Cohort } from './cohort-url.ts';
import { Said } from './said.tsx';
import { traceHref } from './trace-columns.tsx';
import type { Results, TracePoint } from './use-results.ts';

export interface DurationPanelProps {
  results: Results;
  state: PanelState;
  cohort: Cohort | null;
  onCohort: (cohort: Cohort | null) => void;
  withSpan: boolean;
}

const height = 216;
const choicesBeside = 4;
const kinds: MarkerKind[] = ['deploy', 'scaling', 'alert', 'config', 'fault', 'incident'];
const nameOf = ({ trace: { match } }: TracePoint) => `${match.service} ${match.name}`;

/** How long the traces took, over time; a part of them can be selected and held against the rest. */
export function DurationPanel({ results, state, cohort, onCohort, withSpan }: DurationPanelProps) {
  const router = useRouter();
  const { range, drawn, points, found, selected, changes } = results;
  const { fromMs, toMs, zone } = range;
  const choices = useMemo(
    () => cohortChoices(found, changes, { fromMs, toMs }, zone, cohort),
    [found, changes, fromMs, toMs, zone, cohort],
  );
  const box = useMemo(() => cohort && boxOfCohort(cohort), [cohort]);
  const present = new Set(changes.map(({ kind }) => kind));
  const shownKinds = kinds.filter((kind) => present.has(kind));
  const onBox = ({ fromMs: from, toMs: to, min, max }: ScatterBox) =>
    onCohort({ kind: 'box', fromMs: from, toMs: to, minMs: min, maxMs: max });
  const isPending = state.kind === 'loading';
  return (
    <Panel
      title="Duration"
      meta={drawn.data && found.length > 0 ? drawnWords(drawn.data) : undefined}
      status={<ScatterLegend />}
      actions={state.kind === 'partial' || state.kind === 'stale' ? <ScatterLegend /> : undefined}
      state={isPending ? { kind: 'ok' } : state}
      bodyHeight={height + 44}
      flush
    >
      <div className={drawn.isPlaceholderData ? 'px-3 opacity-60' : 'px-3'}>
        <Scatter
          title="Duration of traces"
          points={points}
          unit="milliseconds"
          height={height}
          fromMs={fromMs}
          toMs={toMs}
          zone={zone}
          markers={changes}
          box={box}
          onBox={onBox}
          onClear={cohort ? () => onCohort(null) : undefined}
          onOpen={({ trace }) =>
            router.push(keepParams(traceHref(trace, withSpan), new URLSearchParams(window.location.search)))
          }
          name={nameOf}
          detail={Detail}
          empty={drawn.data ? 'no trace in this time' : undefined}
          loading={isPending}
        />
      </div>
      <div className="cohort-bar">
        {cohort && drawn.data ? (
          <>
            <output className="pill cohort">
              {cohortSentence(cohortWords(cohort, { fromMs, toMs }, zone, changes), {
                selected: selected.length,
                errors:
                  cohort.kind === 'errors' ? null : selected.filter(({ match }) => match.status === 'error').length,
                drawn: found.length,
                isAll: !drawn.data.truncated,
              })}
            </output>
            <Button size="sm" onClick={() => onCohort(null)}>
              Clear
            </Button>
          </>
        ) : null}
        {isPending ? (
          <span className="faint text-sm">&nbsp;</span>
        ) : (
          <Choices choices={choices} cohort={cohort} onCohort={onCohort} />
        )}
        <span className="spacer" />
        {shownKinds.length > 0 ? <MarkerLegend kinds={shownKinds} /> : null}
      </div>
      {drawn.data ? <Said {...drawn.data} /> : null}
    </Panel>
  );
}

function Detail({ trace }: TracePoint) {
  const { spanCount, errorCount, services } = trace;
  const counted = spanCount === null ? null : `${spanCount} ${spanCount === 1 ? 'span' : 'spans'}`;
  const failed = errorCount ? `${errorCount} with errors` : null;
  const whose = services.length > 1 ? `${services.length} services` : null;
  return <div className="dim">{[counted, failed, whose].filter(Boolean).join(', ')}</div>;
}

interface ChoicesProps {
  choices: readonly CohortChoice[];
  cohort: Cohort | null;
  onCohort: (cohort: Cohort | null) => void;
}

/** What can be selected without a pointer. */
function Choices({ choices, cohort, onCohort }: ChoicesProps) {
  if (choices.length === 0) return null;
  const beside = choices.length > choicesBeside + 1 ? choices.slice(0, choicesBeside) : choices;
  const rest = choices.slice(beside.length);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
    <div className="choices" role="group" aria-label="Select">
      <span className="faint text-sm">{cohort ? 'or' : 'Drag to select, or'}</span>
      {beside.map((choice) => {
        const isOn = isSameCohort(choice.cohort, cohort);
        return (
          <Button
            key={choice.id}
            size="sm"
            aria-pressed={isOn}
            title={choice.label}
            onClick={() => onCohort(isOn ? null : choice.cohort)}
          >
            <span className="clip">{choice.label}</span>
          </Button>
        );
      })}
      {rest.length > 0 ? (
        <Menu
          label="More to select"
          items={rest.map((choice) => ({
            id: choice.id,
            label: choice.label,
            checked: isSameCohort(choice.cohort, cohort),
            onSelect: () => onCohort(choice.cohort),
          }))}
          trigger={<Button size="sm">{rest.length} more</Button>}
        />
      ) : null}
    </div>
  );
}
