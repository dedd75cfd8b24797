'use client';
import type { Trace } from '#lib/traces/schemas.ts';
import { Note } from '../../ui/note.tsx';
import type { TraceModel } from './trace-model.ts';
import { skewText } from './wf-tools.tsx';

export interface TraceFlawsProps {
  model: TraceModel;
  onClocks: () => void;
  onShow: (flaw: Trace['flaws'][number]) => void;
}

/** What is not as it should be in the trace, each with the spans that it is true of. */
export function TraceFlaws({ model, onClocks, onShow }: TraceFlawsProps) {
  const { trace, skewed, isCorrected } = model;
  const isTold = trace.flaws.some(({ kind }) => kind === 'clock_skew');
  const clocks = skewed && (skewed.isNotable || isTold) ? skewText(model) : null;
  if (trace.flaws.length === 0 && clocks === null) return null;
  const switched = (
    <>
      <span>
        {isCorrected ? `Spans were moved: ${clocks}.` : `Spans are drawn as sent; right clocks would move ${clocks}.`}
      </span>
      <button type="button" onClick={onClocks}>
        {isCorrected ? 'draw as sent' : 'set clocks right'}
      </button>
    </>
  );
  return (
    <Note tone={trace.flaws.length > 0 ? 'warn' : 'info'}>
      <ul className="flaws" aria-label="What is not as it should be">
        {trace.flaws.map((flaw) => (
          <li key={`${flaw.kind} ${flaw.text}`}>
            <span>{flaw.text}</span>
            {flaw.spans.length > 0 ? (
              <button type="button" onClick={() => onShow(flaw)}>
                show
              </button>
            ) : null}
            {flaw.kind === 'clock_skew' && clocks ? switched : null}
          </li>
        ))}
        {clocks && !isTold ? (
          <li>
            <span>Clocks disagree.</span>
            {switched}
          </li>
        ) : null}
      </ul>
    </Note>
  );
}
