'use client';
import { useMemo } from 'react';
import type { Forecast, SloDetail } from '#lib/slo/schemas.ts';
import type { Rule } from '../../charts/annotations.ts';
import { TimeAxisProvider } from '../../charts/time-axis.tsx';
import { TimeSeries } from '../../charts/time-series.tsx';
import type { Series } from '../../charts/types.ts';
import { formatPercent } from '../../charts/units.ts';
import type { Zone } from '../../ui/format-time.ts';
import { Panel } from '../../ui/panel.tsx';
import { whenText } from '../words.ts';
import { crossingOf, gridTimes } from './slo-series.ts';

const height = 160;

export interface ForecastPanelProps {
  slo: SloDetail;
  zone: Zone;
  nowMs: number;
}

/** Until when the budget lasts, with its band, how that was reckoned, and the policy that it leads to. */
export function ForecastPanel({ slo, zone, nowMs }: ForecastPanelProps) {
  const { forecast, policy } = slo;
  return (
    <Panel
      title="Forecast"
      state={
        forecast
          ? undefined
          : {
              kind: 'empty',
              title: 'Nothing to forecast',
              hint: 'It needs a budget and a pace: events in the window, and a burn rate of now.',
            }
      }
      bodyHeight={forecast && !hasLeft(forecast) ? undefined : height + 46}
    >
      {forecast && hasLeft(forecast) ? (
        <ForecastChart forecast={forecast} steps={policy?.steps ?? []} zone={zone} nowMs={nowMs} />
      ) : null}
      {forecast ? (
        <>
          <p className="dim pt-2">{forecast.sentence}</p>
          <p className="faint pt-1 text-sm">{forecast.method}</p>
        </>
      ) : null}
    </Panel>
  );
}

/** A budget that is spent and stays so is said, not drawn. */
const hasLeft = ({ expected, fast, slow }: Forecast): boolean =>
  [expected, fast, slow].some((line) => line.some((left) => left > 0));

interface ForecastChartProps {
  forecast: Forecast;
  steps: NonNullable<SloDetail['policy']>['steps'];
  zone: Zone;
  nowMs: number;
}

function ForecastChart({ forecast, steps, zone, nowMs }: ForecastChartProps) {
  const times = useMemo(() => gridTimes(forecast.grid, forecast.expected.length), [forecast]);
  const series = useMemo<Series[]>(
    () => [
      { key: 'expected', label: 'at the pace of now', values: forecast.expected, color: 's1' },
      { key: 'fast', label: 'fast end', values: forecast.fast, color: 's1', dashed: true },
      { key: 'slow', label: 'slow end', values: forecast.slow, color: 's1', dashed: true },
    ],
    [forecast],
  );
  const next = nextStep(steps, forecast.expected[0]);
  const annotations = useMemo(
    () => ({ band: { upper: forecast.slow, lower: forecast.fast }, rules: rulesOf(forecast, next, zone, nowMs) }),
    [forecast, next, zone, nowMs],
  );
  // An axis of its own: what is drawn on it is no time range of the past, and nothing has happened there yet.
  const axis = useMemo(
    () => ({ fromMs: Date.parse(forecast.grid.from), toMs: Date.parse(forecast.grid.to), zone }),
    [forecast, zone],
  );
  return (
    <TimeAxisProvider axis={axis}>
      <TimeSeries
        title="Forecast of the budget left"
        unit="ratio"
        times={times}
        series={series}
        height={height}
        threshold={
          next ? { value: next.from, label: `“${next.leadsTo}” from ${formatPercent(next.from, 0)}` } : undefined
        }
        annotations={annotations}
        yFloor={Math.min(1, Math.max(0.02, forecast.expected[0] ?? 0))}
        legend={false}
      />
    </TimeAxisProvider>
  );
}

interface NextStep {
  from: number;
  /** The step that is in force below it. */
  leadsTo: string;
}

/** The next edge of the policy below what is left, with the step that it leads to. */
function nextStep(steps: ForecastChartProps['steps'], left: number | undefined): NextStep | null {
  if (left === undefined) return null;
  const at = steps.findIndex(({ from }) => from !== null && left > from);
  const { from } = steps[at] ?? {};
  const follows = steps[at + 1];
  return from !== undefined && from !== null && from > 0 && follows ? { from, leadsTo: follows.name } : null;
}

function rulesOf(forecast: Forecast, next: NextStep | null, zone: Zone, nowMs: number): Rule[] {
  const text = (ms: number) => whenText(ms, zone, nowMs);
  const rules: Rule[] = [];
  const edge = next && crossingOf(forecast, forecast.expected, next.from);
  if (next && edge) rules.push({ atMs: edge, label: `${formatPercent(next.from, 0)} at ${text(edge)}` });
  const known = [
    [forecast.exhaustedAt, 'none left'],
    [forecast.earliestAt, 'earliest'],
    [forecast.latestAt, 'latest'],
  ] as const;
  for (const [at, word] of known) {
    if (at === null) continue;
    const ms = Date.parse(at);
    if (!rules.some(({ atMs }) => Math.abs(atMs - ms) < forecast.grid.stepMs / 2)) {
      rules.push({ atMs: ms, label: `${word} ${text(ms)}` });
    }
  }
  return rules;
}
