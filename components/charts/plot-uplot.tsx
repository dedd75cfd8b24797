'use client';
import 'uplot/dist/uPlot.min.css';
import { memo, useEffect, useRef } from 'react';
import UPlot from 'uplot';
import { useThemeVersion } from '../ui/use-theme-version.ts';
import type { ChartModel, DrawnSeries } from './chart-model.ts';

function resolve(style: CSSStyleDeclaration, name: string): string {
  return style.getPropertyValue(name).trim() || '#888';
}

function optionsOf(model: ChartModel, style: CSSStyleDeclaration): UPlot.Options {
  const font = `11px ${style.fontFamily}`;
  const ink = resolve(style, '--ink-3');
  const drawn = (one: DrawnSeries): UPlot.Series => {
    const color = resolve(style, one.color);
    return {
      label: one.label,
      show: one.shown,
      stroke: color,
      width: one.dashed ? 1.5 : model.series.length > 20 ? 1.2 : 1.9,
      dash: one.dashed ? [5, 4] : undefined,
      fill:
        one.shape === 'line'
          ? undefined
          : `color-mix(in srgb, ${color} ${one.shape === 'stack' ? 85 : 10}%, transparent)`,
      points: { show: false },
      spanGaps: false,
    };
  };
  return {
    width: model.width,
    height: model.height,
    padding: [model.top, model.right, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    select: { show: false, left: 0, top: 0, width: 0, height: 0 },
    scales: { x: { time: false, range: [...model.x.domain] }, y: { range: [...model.y.domain] } },
    axes: [
      {
        size: 19 + model.lane,
        gap: model.lane + 5,
        font,
        stroke: ink,
        grid: { show: false },
        ticks: { show: false },
        splits: model.xTicks.map((tick) => tick.value),
        values: model.xTicks.map((tick) => tick.text),
      },
      {
        size: model.left,
        gap: 6,
        font,
        stroke: ink,
        grid: { stroke: resolve(style, '--grid'), width: 1 },
        ticks: { show: false },
        splits: model.yTicks,
        values: model.yTicks.map(model.yText),
      },
    ],
    series: [{}, ...[...model.series].reverse().map(drawn)],
  };
}

/** Draws axes and series of a dense chart on a canvas. */
function PlotUPlot({ model }: { model: ChartModel }) {
  const box = useRef<HTMLDivElement>(null);
  const theme = useThemeVersion();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the canvas takes its colours from the theme
  useEffect(() => {
    const host = box.current;
    if (!host) return;
    // The highest stack first, so that each later one covers what lies below it.
    const data = [model.times, ...[...model.series].reverse().map((one) => one.top)] as unknown as UPlot.AlignedData;
    const plot = new UPlot(optionsOf(model, getComputedStyle(host)), data, host);
    return () => plot.destroy();
  }, [model, theme]);
  return <div ref={box} />;
}

export default memo(PlotUPlot);
