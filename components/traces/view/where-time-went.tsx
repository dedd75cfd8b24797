'use client';
import { formatPercent } from '../../charts/units.ts';
import { Meter } from '../../ui/meter.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import type { Contribution } from './contributors.ts';
import { formatNs } from './span-time.ts';
import { colorOf, type TraceModel } from './trace-model.ts';
import { countText } from './words.ts';

export interface WhereTimeWentProps {
  model: TraceModel;
  /** null while it is not known. */
  contributions: readonly Contribution[] | null;
  onSpan: (span: number) => void;
}

const most = 8;

/** In place of the detail while no span is selected: what the trace waited for. */
export function WhereTimeWent({ model, contributions, onSpan }: WhereTimeWentProps) {
  return (
    <>
      <div className="p-3 pb-1">
        <h2>Where the time went</h2>
      </div>
      <div className="grid gap-2 px-3 pb-3">
        <p className="faint text-sm">On the critical path. Select a span for its detail.</p>
        {contributions === null ? <Skeleton height={120} /> : null}
        {contributions?.length === 0 ? <p className="dim">The trace took no time.</p> : null}
        <ul className="grid gap-2">
          {contributions?.slice(0, most).map((one) => (
            <li key={one.span}>
              <button type="button" className="grid w-full gap-1 text-left" onClick={() => onSpan(one.span)}>
                <span className="row items-baseline">
                  <i className="sq" style={{ background: colorOf(model, one.span) }} />
                  <span className="grow [overflow-wrap:anywhere]">
                    <b>{one.service}</b> <span className="dim">{one.name}</span>
                    {one.spans > 1 ? <span className="faint"> {countText(one.spans, 'span')}</span> : null}
                  </span>
                  <span className="num">{formatNs(one.ns)}</span>
                </span>
                <Meter
                  ratio={model.totalNs > 0 ? one.ns / model.totalNs : 0}
                  label={`${one.service} ${one.name}: ${formatPercent(one.ns / (model.totalNs || 1), 0)} of the trace`}
                />
              </button>
            </li>
          ))}
        </ul>
        {contributions && contributions.length > most ? (
          <p className="faint text-sm">and {countText(contributions.length - most, 'operation')} more</p>
        ) : null}
      </div>
    </>
  );
}
