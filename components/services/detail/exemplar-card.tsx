'use client';
import { useTimeAxis } from '../../charts/time-axis.tsx';
import type { Exemplar } from '../../charts/types.ts';
import { formatValue } from '../../charts/units.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { formatDateTime, zoneWord } from '../../ui/format-time.ts';

/** One measured request: when, how long, where, and the trace to look for. */
export function ExemplarCard({ exemplar: { time, value, traceId, labels } }: { exemplar: Exemplar }) {
  const zone = useTimeAxis()?.zone ?? 'utc';
  return (
    <div className="grid min-w-[240px] gap-2">
      <div className="row">
        <b className="grow">{formatValue(value, 'seconds')}</b>
        <span className="dim">
          {formatDateTime(time, zone)} {zoneWord(zone)}
        </span>
      </div>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-px">
        {Object.entries(labels ?? {}).map(([name, text]) => (
          <div key={name} className="contents">
            <dt className="faint">{name}</dt>
            <dd className="mono [overflow-wrap:anywhere]">{text}</dd>
          </div>
        ))}
        <dt className="faint">trace</dt>
        <dd className="mono [overflow-wrap:anywhere]">{traceId}</dd>
      </dl>
      <div>
        <CopyButton text={traceId} label="Copy the trace id" size="sm" />
      </div>
    </div>
  );
}
