'use client';
import { useState } from 'react';
import type { SpanDetail } from '#lib/traces/schemas.ts';
import { cx } from '../../ui/cx.ts';
import { plainEntries, SpanAttributes } from './span-attributes.tsx';
import { formatNs, sinceText } from './span-time.ts';

type SpanEvent = SpanDetail['events'][number];

/** Nanoseconds from the start of the span; digits are subtracted as such, because they exceed exact numbers. */
const sinceStart = (event: SpanEvent, startNs: string) => Number(BigInt(event.timeNs) - BigInt(startNs));
const isException = ({ name }: SpanEvent) => name === 'exception' || /error/i.test(name);
const key = (event: SpanEvent, index: number) => `${event.timeNs} ${index}`;

/** What happened during a span, on an axis of its own. One that is out of the span's time says so. */
export function SpanEvents({ span }: { span: SpanDetail }) {
  const [open, setOpen] = useState<number | null>(span.events.length === 1 ? 0 : null);
  const at = span.events.map((event) => sinceStart(event, span.startNs));
  const inside = (ns: number) => ns >= 0 && ns <= span.durationNs;
  return (
    <section className="span-part" aria-label="Events">
      <h3>
        Events <span className="faint">{span.events.length}</span>
      </h3>
      {span.durationNs > 0 ? (
        <div className="event-axis">
          {span.events.map((event, index) =>
            inside(at[index] as number) ? (
              <button
                key={key(event, index)}
                type="button"
                className={cx(isException(event) && 'bad')}
                aria-label={`${event.name} at ${formatNs(at[index] as number)}`}
                aria-pressed={open === index}
                style={{ left: `${((at[index] as number) / span.durationNs) * 100}%` }}
                onClick={() => setOpen(open === index ? null : index)}
              />
            ) : null,
          )}
        </div>
      ) : null}
      <ul className="grid gap-1">
        {span.events.map((event, index) => (
          <li key={key(event, index)}>
            <button
              type="button"
              className="row w-full text-left items-baseline"
              aria-expanded={open === index}
              onClick={() => setOpen(open === index ? null : index)}
            >
              <span className="faint nowrap">{sinceText(at[index] as number)}</span>
              <span className={cx('grow [overflow-wrap:anywhere]', isException(event) && 'bad')}>
                {event.name}
                {typeof event.attributes['exception.message'] === 'string'
                  ? `: ${event.attributes['exception.message']}`
                  : null}
              </span>
              {inside(at[index] as number) ? null : <span className="warn text-sm">outside the span</span>}
            </button>
            {open === index && Object.keys(event.attributes).length > 0 ? (
              <SpanAttributes entries={plainEntries(event.attributes)} service={span.service} range={{}} plain />
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}
