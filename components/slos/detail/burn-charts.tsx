'use client';
import { useMemo } from 'react';
import type { SloDetail, SloHistory, TierState } from '#lib/slo/schemas.ts';
import { TimeSeries } from '../../charts/time-series.tsx';
import type { Series } from '../../charts/types.ts';
import { formatSpan } from '../../ui/format-time.ts';
import { burnText, factorText } from '../words.ts';
import { tierWindows } from './detail-words.ts';
import { HistoryPanel } from './history-panel.tsx';
import { hasValues } from './slo-series.ts';
import type { HistoryView } from './use-history.ts';

const height = 130;

/** The burn over both windows of each alert, against its threshold. */
export function BurnCharts({ slo, view }: { slo: SloDetail; view: HistoryView }) {
  if (slo.tiers.length === 0) return null;
  return (
    <div className="c2">
      {slo.tiers.map((tier) => (
        <BurnChart key={`${tier.severity} ${tier.longMs} ${tier.shortMs}`} tier={tier} view={view} />
      ))}
    </div>
  );
}

function BurnChart({ tier, view }: { tier: TierState; view: HistoryView }) {
  const { history } = view;
  const series = useMemo(() => (history ? seriesOf(history, tier) : []), [history, tier]);
  const missing = history && !series.some(({ values }) => hasValues(values));
  return (
    <HistoryPanel
      title={`Burn, ${tierWindows(tier)}`}
      figure={burnText(tier.longBurn)}
      meta={tier.severity}
      view={view}
      empty={missing ? { kind: 'noData', hint: 'No burn of these windows was recorded in this time.' } : null}
      bodyHeight={height + 36}
    >
      <TimeSeries
        title={`Burn over ${tierWindows(tier)}`}
        unit="times"
        times={view.times}
        series={series}
        height={height}
        threshold={{ value: tier.factor, label: `${tier.severity} above ${factorText(tier.factor)}` }}
        annotations={view.wordless}
        loading={!history}
      />
    </HistoryPanel>
  );
}

function seriesOf(history: SloHistory, { longMs, shortMs }: TierState): Series[] {
  const of = (ms: number) => history.burn[String(ms)];
  const none = history.good.map(() => null);
  return [
    { key: 'long', label: formatSpan(longMs), values: of(longMs) ?? none, color: 's1' },
    ...(of(shortMs)
      ? [{ key: 'short', label: formatSpan(shortMs), values: of(shortMs) ?? none, color: 's5' as const, dashed: true }]
      : []),
  ];
}
