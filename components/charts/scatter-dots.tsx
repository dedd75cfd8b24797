'use client';
import { memo, useEffect, useRef } from 'react';
import { useThemeVersion } from '../ui/use-theme-version.ts';
import type { ScatterModel } from './scatter-model.ts';

const radius = 2.5;
const arm = 3;

/** The points on a canvas: dots, and crosses on top of them. */
function Dots({ model }: { model: ScatterModel }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useThemeVersion();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the canvas takes its colours from the theme
  useEffect(() => {
    const element = canvas.current;
    const g = element?.getContext('2d');
    if (!element || !g) return;
    const ratio = window.devicePixelRatio || 1;
    element.width = Math.round(model.width * ratio);
    element.height = Math.round(model.height * ratio);
    g.setTransform(ratio, 0, 0, ratio, 0, 0);
    const style = getComputedStyle(element);
    const { points, xs, ys } = model;
    g.fillStyle = style.getPropertyValue('--s1').trim();
    points.forEach((point, i) => {
      if (point.failed) return;
      g.globalAlpha = point.faded ? 0.22 : 0.65;
      g.beginPath();
      g.arc(xs[i] as number, ys[i] as number, radius, 0, 2 * Math.PI);
      g.fill();
    });
    g.strokeStyle = style.getPropertyValue('--bad').trim();
    g.lineWidth = 1.6;
    points.forEach((point, i) => {
      if (!point.failed) return;
      const [x, y] = [xs[i] as number, ys[i] as number];
      g.globalAlpha = point.faded ? 0.3 : 1;
      g.beginPath();
      g.moveTo(x - arm, y - arm);
      g.lineTo(x + arm, y + arm);
      g.moveTo(x + arm, y - arm);
      g.lineTo(x - arm, y + arm);
      g.stroke();
    });
  }, [model, theme]);
  return (
    <div className="plot" aria-hidden="true">
      <canvas ref={canvas} style={{ width: model.width, height: model.height }} />
    </div>
  );
}

export const ScatterDots = memo(Dots);
