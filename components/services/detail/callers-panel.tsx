'use client';
import { useMemo } from 'react';
import type { RedRange } from '#lib/telemetry/schemas.ts';
import { TimeSeries } from '../../charts/time-series.tsx';
import { formatPercent } from '../../charts/units.ts';
import { Panel } from '../../ui/panel.tsx';
import { Status } from '../../ui/status.tsx';
import { isOverErrors, rateText } from '../words.ts';
import { errorThreshold, lastOf } from './red-series.ts';

export interface CallersPanelProps {
  red: RedRange;
  times: readonly number[];
  differ: 'silent' | 'worse';
  staleAtMs: number | undefined;
}

const height = 150;
const sentences = {
  silent: 'The service itself reports nothing; this is what those who call it measure.',
  worse:
    'Callers see more failures than the service counts: requests that never reached it, or answers that came too late.',
};

/** What callers measure, where the service is silent or says something else. */
export function CallersPanel({ red, times, differ, staleAtMs }: CallersPanelProps) {
  const { callers } = red;
  const series = useMemo(
    () => ({
      rate: [{ key: 'rate', label: 'requests', values: callers?.rate ?? [], shape: 'area' as const }],
      errors: [{ key: 'errors', label: 'failed', values: callers?.errorRatio ?? [], shape: 'area' as const }],
    }),
    [callers],
  );
  if (!callers) return null;
  const ratio = lastOf(callers.errorRatio);
  return (
    <Panel
      title="Seen by callers"
      figure={<span className={isOverErrors(ratio) ? 'bad' : ''}>{formatPercent(ratio)}</span>}
      meta={`of ${rateText(lastOf(callers.rate))} requests/s fail`}
      status={
        <Status
          state={differ === 'silent' ? 'nodata' : 'warns'}
          word={differ === 'silent' ? 'service silent' : 'differs'}
        />
      }
      edge={isOverErrors(ratio) ? 'bad' : 'warn'}
    >
      <p className="dim mb-2">{sentences[differ]}</p>
      <div className="grid gap-3 min-[1181px]:grid-cols-2">
        <TimeSeries
          title="Errors, seen by callers"
          unit="ratio"
          times={times}
          series={series.errors}
          height={height}
          threshold={errorThreshold}
          staleAtMs={staleAtMs}
        />
        <TimeSeries
          title="Rate, seen by callers"
          unit="requests/s"
          times={times}
          series={series.rate}
          height={height}
          staleAtMs={staleAtMs}
        />
      </div>
    </Panel>
  );
}
