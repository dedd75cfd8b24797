'use client';
import { useMutation } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { ApiError } from '#lib/core/fetch-json.ts';
import type { SloPreview } from '#lib/slo/schemas.ts';
import { TimeSeries } from '../../charts/time-series.tsx';
import { formatPercent } from '../../charts/units.ts';
import { useRange } from '../../charts/use-range.ts';
import { Button } from '../../ui/button.tsx';
import { Select } from '../../ui/field.tsx';
import { formatDateTime, formatSpan, type Zone } from '../../ui/format-time.ts';
import { Note } from '../../ui/note.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Status } from '../../ui/status.tsx';
import { tierWindows } from '../detail/detail-words.ts';
import { gridTimes, sliFloor } from '../detail/slo-series.ts';
import { budgetText, sliText, targetText } from '../words.ts';
import { replay } from './draft-api.ts';

export interface PreviewPanelProps {
  source: string;
  target: number | null;
  /** Why it cannot be replayed now; null where it can. */
  refused: string | null;
}

/** The draft replayed on history: what its alerts would have done, and what it costs. */
export function PreviewPanel({ source, target, refused }: PreviewPanelProps) {
  const [days, setDays] = useState(7);
  const { zone } = useRange();
  const asked = useMutation<SloPreview, ApiError, { source: string; days: number }>({
    mutationFn: (wanted) => replay(wanted.source, wanted.days),
  });
  const isOld = asked.variables !== undefined && (asked.variables.source !== source || asked.variables.days !== days);
  return (
    <Panel
      title="Preview on history"
      meta={isOld && asked.data ? 'of the draft before the last change' : undefined}
      actions={
        <div className="row">
          <Select
            aria-label="How far back"
            className="w-auto"
            value={days}
            onChange={(event) => setDays(Number(event.target.value))}
          >
            {[1, 3, 7, 14, 30].map((count) => (
              <option key={count} value={count}>
                {count === 1 ? 'last day' : `last ${count} days`}
              </option>
            ))}
          </Select>
          <Button
            size="sm"
            busy={asked.isPending}
            disabled={refused !== null}
            title={refused ?? undefined}
            onClick={() => asked.mutate({ source, days })}
          >
            {asked.isPending ? 'Replaying…' : asked.data ? 'Replay again' : 'Replay'}
          </Button>
        </div>
      }
      bodyHeight={120}
    >
      {asked.error ? <Note tone="bad">{asked.error.message}</Note> : null}
      {asked.data ? (
        <Replayed preview={asked.data} target={target} zone={zone} />
      ) : asked.error ? null : (
        <p className="dim">
          {asked.isPending
            ? 'Counting what was measured, and what the alerts would have made of it…'
            : 'Replays the figures and the alerts of this draft on what was measured, before anything is saved.'}
        </p>
      )}
    </Panel>
  );
}

const height = 150;

function Replayed({ preview, target, zone }: { preview: SloPreview; target: number | null; zone: Zone }) {
  const { history, firings, sentences, figures, cost, warnings } = preview;
  const times = useMemo(() => gridTimes(history.grid, history.sli.length), [history]);
  const fired = useMemo(
    () => ({
      spans: firings
        .filter(({ severity }) => severity === 'page')
        .map(({ from, to }, index) => ({
          key: String(index),
          fromMs: Date.parse(from),
          toMs: Date.parse(to ?? preview.to),
        })),
    }),
    [firings, preview.to],
  );
  return (
    <div className="stack" aria-live="polite">
      {sentences.map((sentence) => (
        <p key={sentence} className="font-medium">
          {sentence}
        </p>
      ))}
      {warnings.map(({ code, path, message }) => (
        <Note key={`${code} ${path} ${message}`}>{message}</Note>
      ))}
      {figures && target !== null ? (
        <p className="dim">
          SLI {sliText(figures.sli, target)} over its window, budget left {budgetText(figures.budgetLeft)}; known for{' '}
          {formatPercent(figures.coverage)} of it.
        </p>
      ) : null}
      <TimeSeries
        title="SLI as it would have been"
        unit="ratio"
        times={times}
        series={[{ key: 'sli', label: 'SLI', values: history.sli, color: 's1' }]}
        height={height}
        fromMs={Date.parse(history.grid.from)}
        toMs={Date.parse(history.grid.to)}
        zone={zone}
        markers={[]}
        threshold={target === null ? undefined : { value: target, label: `objective ${targetText(target)}` }}
        annotations={fired}
        yMin={target === null ? undefined : sliFloor(history.sli, target)}
        yMax={1}
        legend={false}
      />
      {firings.length > 0 ? <Firings firings={firings} zone={zone} /> : null}
      <p className="faint text-sm">{cost.sentence}</p>
    </div>
  );
}

function Firings({ firings, zone }: { firings: SloPreview['firings']; zone: Zone }) {
  return (
    <div className="table-wide">
      <table className="table">
        <caption className="sr">Alerts that would have fired</caption>
        <thead>
          <tr>
            <th scope="col">Alert</th>
            <th scope="col">From</th>
            <th scope="col" className="num">
              For
            </th>
            <th scope="col" className="num">
              Budget
            </th>
          </tr>
        </thead>
        <tbody>
          {firings.slice(0, 50).map((one) => (
            <tr key={`${one.severity} ${one.longMs} ${one.from}`}>
              <th scope="row" className="nowrap">
                <Status state={one.severity === 'page' ? 'failing' : 'warns'} word={one.severity} />{' '}
                <span className="faint font-normal">{tierWindows(one)}</span>
              </th>
              <td className="nowrap">{formatDateTime(Date.parse(one.from), zone, false)}</td>
              <td className="num nowrap">
                {one.to === null ? 'still' : formatSpan(Date.parse(one.to) - Date.parse(one.from))}
              </td>
              <td className="num">{formatPercent(one.budgetSpent)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
