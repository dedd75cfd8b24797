'use client';
import type { SloSummary } from '#lib/slo/schemas.ts';
import { Age } from '../ui/age.tsx';
import { Status } from '../ui/status.tsx';
import { useLitOnChange } from '../ui/use-lit-on-change.ts';
import { stateWord, statusOf } from './words.ts';

export interface SloStatusProps {
  slo: Pick<SloSummary, 'state' | 'reason' | 'firing' | 'stale'>;
}

/** The state of an SLO as a shape and a word, what fires for it, and whether its ledger is behind. */
export function SloStatus({ slo: { state, reason, firing, stale } }: SloStatusProps) {
  const box = useLitOnChange<HTMLSpanElement>(`${state} ${firing}`);
  return (
    <span ref={box} className="inline-flex flex-wrap gap-x-2 rounded-[3px]">
      <Status state={statusOf[state]} word={stateWord[state]} title={reason} />
      {firing === 'page' ? <Status state="failing" glyph="alert" word="page fires" /> : null}
      {firing === 'ticket' ? <Status state="warns" glyph="alert" word="ticket fires" /> : null}
      {stale ? (
        <Status
          state="late"
          word={
            <span>
              behind <Age at={stale.since} suffix="" />
            </span>
          }
          title={stale.reason}
        />
      ) : null}
    </span>
  );
}
