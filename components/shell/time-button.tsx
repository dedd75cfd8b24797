'use client';
import { lazy, Suspense } from 'react';
import { endsNow, resolveTimeRange, spanWords, type TimeRange } from '#lib/core/time-range.ts';
import { useTimeRange } from '../charts/time-range.tsx';
import { formatDateTime, type Zone, zoneWord } from '../ui/format-time.ts';
import { Glyph } from '../ui/glyph.tsx';
import { Popover } from '../ui/popover.tsx';
import { Skeleton } from '../ui/skeleton.tsx';

const load = () => import('./time-panel.tsx');
const TimePanel = lazy(load);

/** `Last 1 hour`, or the two ends. */
export function rangeWords(range: TimeRange, zone: Zone, nowMs: number): string {
  if (endsNow(range.to) && range.from.kind === 'relative') return `Last ${spanWords(range.from.agoMs)}`;
  const { fromMs, toMs } = resolveTimeRange(range, nowMs);
  const end = endsNow(range.to) ? 'now' : formatDateTime(toMs, zone, false, nowMs);
  return `${formatDateTime(fromMs, zone, false, nowMs)} – ${end}`;
}

/** The page's time range; opens the picker. */
export function TimeButton() {
  const { range, zone, live, toMs } = useTimeRange();
  return (
    <Popover
      label="Time range"
      align="end"
      trigger={
        <button type="button" className="btn time" onPointerEnter={load} onFocus={load}>
          {endsNow(range.to) && !live ? (
            <>
              <Glyph name="wait" size={11} />
              <span className="sr">paused, </span>
            </>
          ) : null}
          <span className="clip">{rangeWords(range, zone, toMs)}</span> <span className="faint">{zoneWord(zone)}</span>
        </button>
      }
    >
      {(close) => (
        <Suspense fallback={<Skeleton width="min(396px, 74vw)" height={300} />}>
          <TimePanel close={close} />
        </Suspense>
      )}
    </Popover>
  );
}
