'use client';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { type Change, changeOf, changesQuery } from '#lib/facts/change-queries.ts';
import { overviewQuery } from '#lib/overview/queries.ts';
import { redQuery } from '#lib/telemetry/queries.ts';
import { ChangeStrip } from '../charts/change-strip.tsx';
import { MarkerLegend } from '../charts/marker-legend.tsx';
import type { MarkerKind } from '../charts/markers.ts';
import { formatPercent } from '../charts/units.ts';
import { useRange } from '../charts/use-range.ts';
import { useEnvironment } from '../ui/environment.tsx';
import { Panel } from '../ui/panel.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { ChangeList } from './change-list.tsx';
import { busiestService, covers, lineOfList, lineOfRed, type StripLine, worstService } from './strip-line.ts';
import { errorsSeen } from './words.ts';

const height = 104;
/** The overview's own answer reaches back so far and holds so many changes. */
const carriedMs = 6 * 3_600_000;
const carriedMost = 100;
const kinds: MarkerKind[] = ['deploy', 'scaling', 'alert', 'config', 'fault', 'incident'];

/** What changed over the page's time range, on one line of what hurts most. */
export function WhatChanged() {
  const { fromMs, toMs, zone } = useRange();
  const { line, pending } = useLine();
  const changes = useChanges();
  const present = new Set<string>(changes.map(({ kind }) => kind));
  const shown = kinds.filter((kind) => present.has(kind) || kind === 'deploy' || kind === 'config');
  return (
    <Panel
      title="What changed"
      meta={line ? <LineLegend line={line} /> : undefined}
      actions={
        <span className="hide-s">
          <MarkerLegend kinds={shown} />
        </span>
      }
      flush
    >
      <div className="px-3 pb-1">
        <div className="show-s pb-1">
          <MarkerLegend kinds={shown} />
        </div>
        {pending ? (
          <Skeleton height={height} />
        ) : (
          <ChangeStrip
            title={stripTitle(line, changes.length)}
            fromMs={fromMs}
            toMs={toMs}
            zone={zone}
            markers={changes}
            line={line ? { times: line.times, values: line.values, unit: 'ratio' } : undefined}
            threshold={line?.threshold}
            height={height}
          />
        )}
      </div>
      {changes.length > 0 ? (
        <details>
          <summary className="px-3 pb-2 text-sm text-ink-2 phone:min-h-11 phone:content-center">
            {changes.length === 1 ? '1 change' : `${changes.length} changes`} in this time
          </summary>
          <ChangeList changes={changes} zone={zone} withServices />
        </details>
      ) : (
        <p className="faint px-3 pb-2 text-sm">Nothing changed in this time.</p>
      )}
    </Panel>
  );
}

function stripTitle(line: StripLine | null, count: number): string {
  const what = count === 0 ? 'nothing changed' : count === 1 ? '1 change' : `${count} changes`;
  return line ? `${line.label}, with what changed: ${what}` : `What changed: ${what}`;
}

function LineLegend({ line }: { line: StripLine }) {
  return (
    <ul className="legend" aria-label="Lines">
      <li>
        <LineSign color="--s1" />
        {line.label}
      </li>
      {line.threshold === undefined ? null : (
        <li className="hide-s">
          <LineSign color="--ink-2" dashed />
          failing above {formatPercent(line.threshold)}
        </li>
      )}
    </ul>
  );
}

function LineSign({ color, dashed }: { color: string; dashed?: boolean }) {
  return (
    <svg width="18" height="8" className="flex-none" aria-hidden="true">
      <path d="M0 4h18" stroke={`var(${color})`} strokeWidth="2.4" strokeDasharray={dashed ? '4 3' : undefined} />
    </svg>
  );
}

/** The last hour comes with the overview; another range, or a service that is silent itself, is asked for. */
function useLine(): { line: StripLine | null; pending: boolean } {
  const { current } = useEnvironment();
  const { fromMs, toMs, wanted, renewEvery } = useRange();
  const { data, isPending } = useQuery(overviewQuery(current.name));
  const services = data?.services ?? null;
  const carried = useMemo(() => lineOfList(services), [services]);
  const fits = covers(services?.sparklineGrid, fromMs, toMs);
  const subject = worstService(services) ?? busiestService(services);
  const by = subject ? errorsSeen(subject).by : 'service';
  const red = useQuery({
    ...redQuery({ env: current.name, service: subject?.name ?? '', ...wanted, width: 1200 }),
    enabled: subject !== null && !(fits && carried !== null),
    refetchInterval: renewEvery,
  });
  return useMemo(() => {
    if (fits && carried) return { line: carried, pending: false };
    if (red.data) return { line: lineOfRed(red.data, by), pending: false };
    return { line: null, pending: isPending || red.isLoading };
  }, [fits, carried, red.data, red.isLoading, isPending, by]);
}

const none: Change[] = [];

function useChanges(): Change[] {
  const { current } = useEnvironment();
  const { fromMs, toMs, live } = useRange();
  const { data } = useQuery(overviewQuery(current.name));
  const carries =
    data !== undefined && data.changes.length < carriedMost && Date.parse(data.asOf) - fromMs <= carriedMs;
  const asked = useQuery({
    ...changesQuery({ env: current.name, fromMs, toMs, live }),
    enabled: data !== undefined && !carries,
  }).data;
  return useMemo(() => {
    const all = carries ? data.changes.map(changeOf) : (asked ?? none);
    return all.filter(({ startAt, endAt }) => startAt <= toMs && (endAt ?? startAt) >= fromMs);
  }, [carries, data, asked, fromMs, toMs]);
}
