import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import type { Tone } from './tone.ts';

export interface StatProps {
  label: ReactNode;
  value: ReactNode;
  note?: ReactNode;
  tone?: Tone;
  lead?: boolean;
}

/** One figure with its name above and what it is measured against below. */
export function Stat({ label, value, note, tone, lead }: StatProps) {
  return (
    <div className={cx('stat', lead && 'lead')}>
      <span>{label}</span>
      <b className={tone}>{value}</b>
      {note ? <span>{note}</span> : null}
    </div>
  );
}
