'use client';
import type { SloSummary } from '#lib/slo/schemas.ts';
import { cx } from '../ui/cx.ts';
import { formatDateTime, type Zone, zoneWord } from '../ui/format-time.ts';
import { Meter } from '../ui/meter.tsx';
import { budgetText, budgetTone, burnText, noneLeft, noneLeftText, sliText, targetText, whenText } from './words.ts';

/** What was measured over the objective. */
export function SliFigure({ slo: { figures, target } }: { slo: SloSummary }) {
  const below = figures?.sli !== null && figures?.sli !== undefined && figures.sli < target;
  return (
    <span className="grid">
      <span className={below ? 'bad' : ''}>{sliText(figures?.sli, target)}</span>
      <span className="faint text-sm">
        <span className="sr">objective </span>
        <span aria-hidden="true">of </span>
        {targetText(target)}
      </span>
    </span>
  );
}

/** The budget as a bar and a number; a bar with nothing left is empty, and the number says by how much. */
export function BudgetFigure({ slo, narrow }: { slo: SloSummary; narrow?: boolean }) {
  const left = slo.figures?.budgetLeft ?? null;
  if (left === null) return <span className="faint">–</span>;
  return (
    <span className={cx('flex items-center gap-2', narrow && 'phone:justify-end')}>
      <Meter
        ratio={left}
        tone={budgetTone(slo)}
        label={`Budget left of ${slo.displayName}`}
        className={cx('grow', narrow && 'hide-s')}
      />
      <span className={cx('num min-w-[46px]', left <= 0 && 'bad')}>{budgetText(left)}</span>
    </span>
  );
}

/** The burn of the shortest window; above 1 the budget does not last. */
export function BurnFigure({ burn }: { burn: number | null }) {
  return <span className={burn === null ? 'faint' : burn > 1 ? '' : 'dim'}>{burnText(burn)}</span>;
}

export interface NoneLeftFigureProps {
  slo: SloSummary;
  /** When the figures were computed, in milliseconds. */
  asOfMs: number;
  zone: Zone;
}

/** How long the budget lasts at the pace of now, and until when. */
export function NoneLeftFigure({ slo, asOfMs, zone }: NoneLeftFigureProps) {
  const left = noneLeft(slo, asOfMs);
  if (left.kind === 'unknown') return <span className="faint">–</span>;
  if (left.kind === 'gone') return <span className="bad font-[560]">{noneLeftText(left)}</span>;
  if (left.kind === 'lasts') {
    return (
      <span className="dim" title="At the pace of now something is left when the window ends.">
        {noneLeftText(left)}
      </span>
    );
  }
  return (
    <span className="grid">
      <b>{noneLeftText(left)}</b>
      <time
        className="faint text-sm"
        dateTime={new Date(left.atMs).toISOString()}
        title={`${formatDateTime(left.atMs, zone, false, 0)} ${zoneWord(zone)}`}
      >
        {whenText(left.atMs, zone, asOfMs)}
      </time>
    </span>
  );
}
