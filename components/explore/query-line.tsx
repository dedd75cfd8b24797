'use client';
import type { PrometheusClient } from '@prometheus-io/codemirror-promql';
import { lazy, Suspense, useId } from 'react';
import { unitWord } from '#components/charts/units.ts';
import { Button } from '#components/ui/button.tsx';
import { cx } from '#components/ui/cx.ts';
import { Menu } from '#components/ui/menu.tsx';
import type { MenuItem } from '#components/ui/menu-item.ts';
import { Note } from '#components/ui/note.tsx';
import { Tooltip } from '#components/ui/tooltip.tsx';
import { useHydrated } from '#components/ui/use-hydrated.ts';
import type { Provenance } from '#lib/telemetry/schemas.ts';
import { type QueryUnit, queryUnits } from './explore-url.ts';
import { offsetOf, queryProblem } from './query-problem.ts';
import type { RanQuery } from './run-queries.ts';
import type { QueryRow } from './use-explore.ts';

const PromqlEditor = lazy(() => import('./promql-editor.tsx'));

interface Answer extends Provenance {
  series: readonly unknown[];
  omittedSeries: number;
}

export interface QueryLineProps {
  name: string;
  row: QueryRow;
  /** What came back; absent while the query is hidden or has not been run. */
  ran: RanQuery<Answer> | undefined;
  client: PrometheusClient;
  autoFocus: boolean;
  onEdit: (draft: string) => void;
  onRun: () => void;
  onToggle: () => void;
  onDuplicate: (() => void) | undefined;
  onRemove: () => void;
  onUnit: (unit: QueryUnit | null) => void;
}

/** How many series there are, and how many of them came. */
export function seriesCount({ series, omittedSeries }: Pick<Answer, 'series' | 'omittedSeries'>): string {
  const count = (n: number) => n.toLocaleString('en');
  if (omittedSeries > 0) return `${count(series.length)} of ${count(series.length + omittedSeries)} series`;
  return series.length === 1 ? '1 series' : `${count(series.length)} series`;
}

/** One query: its name, where it is written, what is to be said about its result. */
export function QueryLine({ name, row, ran, client, autoFocus, ...on }: QueryLineProps) {
  const id = useId();
  const hydrated = useHydrated();
  const isEdited = row.draft.trim() !== row.expr.trim();
  const problem = ran?.result.isError ? queryProblem(ran.result.error) : null;
  const problemAt =
    problem?.position && !isEdited
      ? row.draft.length - row.draft.trimStart().length + offsetOf(row.expr, problem.position)
      : null;
  const waiting = <code className="waiting-text">{row.draft || ' '}</code>;
  const items: MenuItem[] = [
    { id: 'toggle', label: row.hidden ? 'Show' : 'Hide', onSelect: on.onToggle },
    { id: 'duplicate', label: 'Duplicate', disabled: !on.onDuplicate, onSelect: on.onDuplicate },
    { id: 'remove', label: 'Remove', danger: true, onSelect: on.onRemove },
    {
      id: 'guess',
      group: 'Unit',
      label: 'From the expression',
      checked: row.unit === null,
      onSelect: () => on.onUnit(null),
    },
    ...queryUnits.map((unit) => ({
      id: unit,
      group: 'Unit',
      label: unitWord(unit) || 'none',
      checked: row.unit === unit,
      onSelect: () => on.onUnit(unit),
    })),
  ];
  return (
    <div className={cx('query', row.hidden && 'hidden-query')}>
      <Tooltip text={row.hidden ? 'Hidden. Click to show.' : 'Shown. Click to hide.'} describe={false}>
        <button
          type="button"
          className="name"
          aria-pressed={!row.hidden}
          aria-label={`Query ${name}, ${row.hidden ? 'hidden' : 'shown'}`}
          onClick={on.onToggle}
        >
          {name}
        </button>
      </Tooltip>
      <div className="promql" data-invalid={problem?.isQuery && !isEdited ? '' : undefined}>
        {hydrated ? (
          <Suspense fallback={waiting}>
            <PromqlEditor
              value={row.draft}
              label={`PromQL of query ${name}`}
              onChange={on.onEdit}
              onRun={on.onRun}
              problemAt={problemAt}
              describedBy={problem ? `${id}-problem` : undefined}
              client={client}
              autoFocus={autoFocus}
            />
          </Suspense>
        ) : (
          waiting
        )}
      </div>
      <div className="tools">
        <Menu
          label={`Query ${name}`}
          align="end"
          items={items}
          trigger={
            <Button variant="quiet" icon aria-label={`Query ${name}: duplicate, unit, remove`}>
              ⋯
            </Button>
          }
        />
        <Button variant="quiet" icon aria-label={`Remove query ${name}`} onClick={on.onRemove}>
          ✕
        </Button>
      </div>
      {problem ? (
        <Note tone="bad" live>
          <span id={`${id}-problem`}>{problem.message}</span>
        </Note>
      ) : null}
      {ran?.result.data?.warnings.map((warning) => (
        <Note key={warning}>{warning}</Note>
      ))}
      {problem && !isEdited ? null : (
        <div className="said">
          <Said row={row} ran={ran} isEdited={isEdited} />
        </div>
      )}
    </div>
  );
}

function Said({ row, ran, isEdited }: { row: QueryRow; ran: RanQuery<Answer> | undefined; isEdited: boolean }) {
  if (row.draft.trim() === '') return <span>Metric names, labels and functions are completed while you type.</span>;
  const data = ran?.result.data;
  const unit = ran ? unitWord(ran.unit) : '';
  return (
    <>
      {isEdited ? <span className="warn">△ changed, not run yet</span> : null}
      {row.hidden ? <span>hidden</span> : null}
      {ran?.result.isFetching && !data ? <span>running…</span> : null}
      {data && !ran?.result.isError ? <span>{seriesCount(data)}</span> : null}
      {unit ? (
        <span>
          {unit}
          {row.unit === null ? ', by its name' : ''}
        </span>
      ) : null}
    </>
  );
}
