import { cx } from './cx.ts';
import type { Tone } from './tone.ts';

export interface MeterProps {
  /** Share that is filled, 0 to 1; what lies outside is cut. */
  ratio: number;
  tone?: Extract<Tone, 'good' | 'warn' | 'bad' | 'fault'>;
  label: string;
  className?: string;
}

/** A thin bar for a share of a whole. The figure stands beside it. */
export function Meter({ ratio, tone, label, className }: MeterProps) {
  const share = Number.isFinite(ratio) ? Math.max(0, Math.min(1, ratio)) : 0;
  return (
    // biome-ignore lint/a11y/useSemanticElements: the platform's meter cannot be drawn this thin in every browser
    <div
      className={cx('meter', className)}
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
    >
      <i className={tone} style={{ width: `${share * 100}%` }} />
    </div>
  );
}
