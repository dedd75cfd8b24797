'use client';
import type { SloDetail } from '#lib/slo/schemas.ts';
import { formatPercent } from '../../charts/units.ts';
import { formatDateTime, type Zone, zoneWord } from '../../ui/format-time.ts';
import { Stat } from '../../ui/stat.tsx';
import {
  budgetText,
  burnText,
  eventsText,
  noneLeft,
  noneLeftText,
  sliText,
  targetText,
  whenText,
  windowName,
} from '../words.ts';
import { unitOfBudget } from './detail-words.ts';

export interface HeadlineProps {
  slo: SloDetail;
  zone: Zone;
  nowMs: number;
}

/** The four figures that one looks for: SLI, budget, burn, and until when it lasts. */
export function Headline({ slo, zone, nowMs }: HeadlineProps) {
  const { figures, target, window, burnNow } = slo;
  const left = figures?.budgetLeft ?? null;
  return (
    <section className="panel px-[14px] py-3" aria-label="Figures of now">
      <div className="stats">
        <Stat
          lead
          label={window.kind === 'rolling' ? `SLI over ${windowName(window)}` : `SLI this ${windowName(window)}`}
          value={sliText(figures?.sli, target)}
          tone={figures?.sli !== null && figures?.sli !== undefined && figures.sli < target ? 'bad' : undefined}
          note={`objective ${targetText(target)}; coverage ${figures ? formatPercent(figures.coverage) : 'not known'}`}
        />
        <Stat
          lead
          label="Budget left"
          value={budgetText(left, left !== null && Math.abs(left) >= 10 ? 0 : 1)}
          tone={left !== null && left <= 0 ? 'bad' : undefined}
          note={budgetNote(slo)}
        />
        <Stat
          lead
          label="Burn now, 5 min"
          value={burnText(burnNow)}
          tone={slo.firing === 'page' ? 'bad' : undefined}
          note={burnNow === null ? 'not known' : `bad share ${formatPercent(Math.min(1, burnNow * (1 - target)))}`}
        />
        <NoneLeftStat slo={slo} zone={zone} nowMs={nowMs} />
      </div>
    </section>
  );
}

/** `40,663 of 106,790 failures`; by how much it is overspent. */
function budgetNote({ figures, definition }: SloDetail): string {
  if (!figures || figures.total === 0) return 'no events in the window';
  const unit = unitOfBudget(definition);
  const left = figures.allowedBad - figures.bad;
  if (left < 0) return `${eventsText(figures.bad)} ${unit}, ${eventsText(figures.allowedBad)} allowed`;
  return `${eventsText(left)} of ${eventsText(figures.allowedBad)} ${unit}`;
}

function NoneLeftStat({ slo, zone, nowMs }: HeadlineProps) {
  const left = noneLeft(slo, nowMs);
  if (left.kind !== 'at') {
    const note = {
      unknown: 'without events there is no pace',
      gone: 'more was spent than there was',
      lasts: 'at the pace of now something is left when the window ends',
    }[left.kind];
    return (
      <Stat
        lead
        label="None left"
        value={left.kind === 'gone' ? 'now' : noneLeftText(left)}
        tone={left.kind === 'gone' ? 'bad' : undefined}
        note={note}
      />
    );
  }
  return (
    <Stat
      lead
      label="None left"
      value={
        <time
          dateTime={new Date(left.atMs).toISOString()}
          title={`${formatDateTime(left.atMs, zone, false, 0)} ${zoneWord(zone)}`}
        >
          {whenText(left.atMs, zone, nowMs)}
        </time>
      }
      note={`in ${noneLeftText(left)}${bandText(slo, zone, nowMs)}`}
    />
  );
}

/** Between which times it may be, where the forecast says so. */
function bandText({ forecast }: SloDetail, zone: Zone, nowMs: number): string {
  const text = (at: string) => whenText(Date.parse(at), zone, nowMs);
  if (!forecast?.earliestAt) return '';
  if (!forecast.latestAt) return `; ${text(forecast.earliestAt)} at the earliest`;
  const [early, late] = [text(forecast.earliestAt), text(forecast.latestAt)];
  return early === late ? '' : `; between ${early} and ${late}`;
}
