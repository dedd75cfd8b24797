'use client';
import { useEffect, useRef } from 'react';
import { useTimeAxis } from '../../charts/time-axis.tsx';
import type { Exemplar } from '../../charts/types.ts';
import { formatValue } from '../../charts/units.ts';
import { buttonClass } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { formatDateTime, zoneWord } from '../../ui/format-time.ts';
import { Link } from '../../ui/link.tsx';

/**
 * Where the trace of a measured request is. Service and time go along, so that a trace that was not kept leads to
 * similar ones.
 */
export function traceHref({ traceId, spanId, time }: Exemplar, service: string): string {
  const params = new URLSearchParams({
    ...(spanId ? { span: spanId } : {}),
    at: new Date(time).toISOString(),
    service,
  });
  return `/traces/${encodeURIComponent(traceId)}?${params}`;
}

/** One measured request: when, how long, where, and its trace. */
export function ExemplarCard({ exemplar, service }: { exemplar: Exemplar; service: string }) {
  const { time, value, traceId, labels } = exemplar;
  const open = useRef<HTMLAnchorElement>(null);
  // A popover gives the keyboard to its first button; here the link is what one came for.
  useEffect(() => {
    const next = requestAnimationFrame(() => open.current?.focus());
    return () => cancelAnimationFrame(next);
  }, []);
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
      <div className="row">
        <Link
          ref={open}
          href={traceHref(exemplar, service)}
          className={buttonClass({ variant: 'primary', size: 'sm' })}
        >
          Open trace
        </Link>
        <CopyButton text={traceId} label="Copy the trace id" size="sm" />
      </div>
    </div>
  );
}
