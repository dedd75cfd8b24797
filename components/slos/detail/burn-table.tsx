'use client';
import type { SloDetail, TierState } from '#lib/slo/schemas.ts';
import { formatPercent } from '../../charts/units.ts';
import { formatSpan, type Zone } from '../../ui/format-time.ts';
import { Panel } from '../../ui/panel.tsx';
import { Status } from '../../ui/status.tsx';
import { burnText, factorText, whenText } from '../words.ts';
import { tierWindows } from './detail-words.ts';

const rowHeight = 33;
const barWidth = 150;
/** Where the threshold stands in the bar. */
const thresholdAt = barWidth / 4;

export interface BurnTableProps {
  slo: SloDetail;
  zone: Zone;
  nowMs: number;
}

/** The burn over each pair of windows against the threshold that both must pass. */
export function BurnTable({ slo, zone, nowMs }: BurnTableProps) {
  const { tiers } = slo;
  return (
    <Panel
      title="Burn rate per window"
      meta={<span className="hide-s">fires when both pass the threshold</span>}
      state={
        tiers.length === 0
          ? {
              kind: 'empty',
              title: 'No burn alerts',
              hint: 'Below seven days a burn rate says little, or its definition asks for none.',
            }
          : undefined
      }
      bodyHeight={rowHeight * 5}
      flush
    >
      <div className="table-wide">
        <table className="table">
          <caption className="sr">Burn rate per pair of alert windows</caption>
          <thead>
            <tr>
              <th scope="col">Windows</th>
              <th scope="col">Long</th>
              <th scope="col" className="num">
                Short
              </th>
              <th scope="col" className="num">
                Threshold
              </th>
              <th scope="col" className="num p3">
                Spends
              </th>
              <th scope="col">State</th>
            </tr>
          </thead>
          <tbody>
            {tiers.map((tier) => (
              <TierRow key={`${tier.severity} ${tier.longMs} ${tier.shortMs}`} tier={tier} zone={zone} nowMs={nowMs} />
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function TierRow({ tier, zone, nowMs }: { tier: TierState; zone: Zone; nowMs: number }) {
  const { longBurn, shortBurn, factor, severity, longMs, shortMs, budgetShare } = tier;
  const over = longBurn !== null && longBurn > factor;
  return (
    <tr>
      <th scope="row" className="nowrap" aria-label={tierWindows(tier)}>
        {formatSpan(longMs)} <span className="faint">/ {formatSpan(shortMs)}</span>
      </th>
      <td>
        <span className="row">
          <svg className="hide-s flex-none" width={barWidth} height="12" aria-hidden="true">
            <rect y="3" width={barWidth} height="6" rx="3" fill="var(--sunk)" stroke="var(--line-strong)" />
            <rect
              y="3"
              width={Math.max(0, Math.min(barWidth, ((longBurn ?? 0) / factor) * thresholdAt))}
              height="6"
              rx="3"
              fill={`var(--${over ? 'bad' : 'ink-2'})`}
            />
            <path d={`M${thresholdAt} 0v12`} stroke="var(--ink)" strokeWidth="2" />
          </svg>
          <b className="num">{burnText(longBurn)}</b>
        </span>
      </td>
      <td className="num">{burnText(shortBurn)}</td>
      <td className="num">
        {factorText(factor)} <span className="faint hide-s">{severity}</span>
      </td>
      <td className="num p3 dim" title={`Burning so for ${formatSpan(longMs)} spends so much of the budget`}>
        {formatPercent(budgetShare)} in {formatSpan(longMs)}
      </td>
      <td>
        <TierStatus tier={tier} zone={zone} nowMs={nowMs} />
      </td>
    </tr>
  );
}

function TierStatus({ tier, zone, nowMs }: { tier: TierState; zone: Zone; nowMs: number }) {
  if (!tier.reachable) {
    return (
      <Status
        state="warns"
        word="can never fire"
        title="Even if all fails, the burn stays below this threshold: choose a lower one."
      />
    );
  }
  if (tier.state === 'firing') {
    return (
      <Status
        state={tier.severity === 'page' ? 'failing' : 'warns'}
        word={
          <>
            {tier.severity}
            {tier.since ? (
              <span className="hide-s font-[450]"> since {whenText(Date.parse(tier.since), zone, nowMs)}</span>
            ) : null}
          </>
        }
      />
    );
  }
  return tier.state === 'quiet' ? <Status state="ok" word="quiet" /> : <Status state="nodata" />;
}
