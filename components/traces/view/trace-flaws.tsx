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
  const clocks = skewed?.isNotable
    ? isCorrected
      ? `Clocks disagree, so spans were moved: ${skewText(model)}.`
      : `Clocks disagree: spans are drawn as they were sent. Setting clocks right would move ${skewText(model)}.`
    : null;
  if (trace.flaws.length === 0 && clocks === null) return null;
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
          </li>
        ))}
        {clocks ? (
          <li>
            <span>{clocks}</span>
            <button type="button" onClick={onClocks}>
              {isCorrected ? 'draw as sent' : 'set clocks right'}
            </button>
          </li>
        ) : null}
      </ul>
    </Note>
  );
}
