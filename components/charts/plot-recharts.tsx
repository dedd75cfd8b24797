'use client';
import { memo } from 'react';
import { Area, CartesianGrid, ComposedChart, Line, XAxis, YAxis } from 'recharts';
import type { ChartModel } from './chart-model.ts';

interface TickProps {
  x?: number | string;
  y?: number | string;
  payload?: { value: number };
}

function rowsOf(model: ChartModel): Record<string, unknown>[] {
  return model.times.map((t, i) => {
    const row: Record<string, unknown> = { t };
    model.series.forEach((one, k) => {
      const top = one.top[i] ?? null;
      row[`v${k}`] = one.base && top !== null ? [one.base[i] ?? 0, top] : top;
    });
    return row;
  });
}

/** Draws axes and series of a chart of ordinary size as SVG. */
function PlotRecharts({ model }: { model: ChartModel }) {
  const { width, height, left, right, top, lane } = model;
  const texts = new Map(model.xTicks.map((tick) => [tick.value, tick.text]));
  const timeTick = ({ x, y, payload }: TickProps) => {
    const at = Number(x);
    const anchor = at < left + 14 ? 'start' : at > width - right - 8 && right < 24 ? 'end' : 'middle';
    return (
      <text x={at} y={Number(y) + 8} textAnchor={anchor}>
        {texts.get(payload?.value ?? 0) ?? ''}
      </text>
    );
  };
  const valueTick = ({ x, y, payload }: TickProps) => (
    <text x={Number(x)} y={Number(y) + 4} textAnchor="end">
      {model.yText(payload?.value ?? 0)}
    </text>
  );
  const stacksFirst = [...model.series.entries()].sort(
    ([, a], [, b]) => Number(b.shape === 'stack') - Number(a.shape === 'stack'),
  );
  return (
    <ComposedChart
      width={width}
      height={height}
      data={rowsOf(model)}
      margin={{ top, right, bottom: 0, left: 0 }}
      accessibilityLayer={false}
    >
      <CartesianGrid vertical={false} stroke="var(--grid)" syncWithTicks />
      <XAxis
        dataKey="t"
        type="number"
        scale="linear"
        domain={[...model.x.domain]}
        ticks={model.xTicks.map((tick) => tick.value)}
        interval={0}
        allowDataOverflow
        height={19 + lane}
        tickSize={0}
        tickMargin={lane + 7}
        axisLine={false}
        tickLine={false}
        tick={timeTick}
      />
      <YAxis
        width={left}
        domain={[...model.y.domain]}
        ticks={model.yTicks}
        interval={0}
        allowDataOverflow
        tickSize={0}
        tickMargin={6}
        axisLine={false}
        tickLine={false}
        tick={valueTick}
      />
      {stacksFirst.map(([k, one]) => {
        if (!one.shown) return null;
        const stroke = `var(${one.color})`;
        const common = {
          dataKey: `v${k}`,
          type: 'linear' as const,
          stroke,
          strokeWidth: one.dashed ? 1.5 : 1.9,
          strokeDasharray: one.dashed ? '5 4' : undefined,
          dot: false,
          activeDot: false,
          isAnimationActive: false,
          connectNulls: false,
        };
        return one.shape === 'line' ? (
          <Line key={one.key} {...common} />
        ) : (
          <Area
            key={one.key}
            {...common}
            fill={stroke}
            fillOpacity={one.shape === 'stack' ? 0.85 : 0.1}
            stroke={one.shape === 'stack' ? 'none' : stroke}
          />
        );
      })}
    </ComposedChart>
  );
}

export default memo(PlotRecharts);
