import { download, fileName, toCsv } from '../tables/csv.ts';
import { formatDateTime, zoneWord } from '../ui/format-time.ts';
import type { ChartModel } from './chart-model.ts';
import { type MarkerLayout, markerLook } from './markers.ts';
import { areaPath, linePath } from './paths.ts';
import type { Threshold } from './types.ts';
import { unitWord } from './units.ts';

/** Saves the figures of a chart: one line for each time, full precision, times in RFC 3339. */
export function saveCsv(model: ChartModel, title: string): void {
  const word = unitWord(model.unit);
  const header = ['time', ...model.series.map((one) => (word ? `${one.label} (${word})` : one.label))];
  const rows = model.times.map((time, i) => [
    new Date(time).toISOString(),
    ...model.series.map((one) => one.raw[i] ?? null),
  ]);
  download(fileName(title, 'csv'), toCsv(header, rows));
}

export interface Picture {
  model: ChartModel;
  title: string;
  layout: MarkerLayout;
  threshold?: Threshold;
}

/** Saves a picture of a chart in the colours of the screen, twice the size, with its title and legend. */
export function savePng({ model, title, layout, threshold }: Picture, host: Element): void {
  const style = getComputedStyle(host);
  const color = (name: string) => style.getPropertyValue(name).trim();
  const head = 30;
  const foot = 26;
  const canvas = document.createElement('canvas');
  canvas.width = model.width * 2;
  canvas.height = (model.height + head + foot) * 2;
  const g = canvas.getContext('2d');
  if (!g) return;
  g.scale(2, 2);
  g.fillStyle = color('--panel');
  g.fillRect(0, 0, model.width, model.height + head + foot);
  g.fillStyle = color('--ink');
  g.font = `600 13px ${style.fontFamily}`;
  g.fillText(title, 12, 20);
  const [from, to] = model.x.domain;
  g.font = `11px ${style.fontFamily}`;
  g.fillStyle = color('--ink-3');
  g.textAlign = 'right';
  const range = `${formatDateTime(from, model.zone, false)} to ${formatDateTime(to, model.zone, false)} ${zoneWord(model.zone)}`;
  g.fillText(range, model.width - 10, 20);
  g.translate(0, head);
  drawAxes(g, model, color);
  drawSeries(g, model, color);
  drawMarks(g, model, layout, color);
  if (threshold) drawThreshold(g, model, threshold, color);
  drawLegend(g, model, color);
  canvas.toBlob((blob) => blob && download(fileName(title, 'png'), blob));
}

type Color = (name: string) => string;

function drawAxes(g: CanvasRenderingContext2D, model: ChartModel, color: Color): void {
  g.textAlign = 'right';
  for (const tick of model.yTicks) {
    const y = model.y(tick);
    g.strokeStyle = color('--grid');
    g.beginPath();
    g.moveTo(model.left, y);
    g.lineTo(model.width - model.right, y);
    g.stroke();
    g.fillStyle = color('--ink-3');
    g.fillText(model.yText(tick), model.left - 6, y + 4);
  }
  for (const tick of model.xTicks) {
    const x = model.x(tick.value);
    g.textAlign = x > model.width - 20 ? 'right' : x < model.left + 14 ? 'left' : 'center';
    g.fillText(tick.text, x, model.height - 4);
  }
}

function drawSeries(g: CanvasRenderingContext2D, model: ChartModel, color: Color): void {
  const xs = model.times.map(model.x);
  for (const one of [...model.series].reverse()) {
    if (!one.shown) continue;
    g.strokeStyle = color(one.color);
    g.fillStyle = color(one.color);
    if (one.shape !== 'line') {
      g.globalAlpha = one.shape === 'stack' ? 1 : 0.1;
      g.fill(new Path2D(areaPath(xs, one.top, model.y, model.bottom)));
      g.globalAlpha = 1;
    }
    if (one.shape === 'stack') continue;
    g.lineWidth = one.dashed ? 1.5 : 1.9;
    g.setLineDash(one.dashed ? [5, 4] : []);
    g.stroke(new Path2D(linePath(xs, one.top, model.y)));
  }
  g.setLineDash([]);
  g.lineWidth = 1;
}

function drawMarks(g: CanvasRenderingContext2D, model: ChartModel, layout: MarkerLayout, color: Color): void {
  const span = model.width - model.left - model.right;
  for (const band of layout.bands) {
    const x = model.left + band.from * span;
    const w = (band.to - band.from) * span;
    g.fillStyle = color(markerLook(band.marker.kind).color);
    const tinted = band.shape === 'tinted';
    if (tinted) g.fillRect(x, model.top - 3, w, 3);
    g.globalAlpha = tinted ? 0.07 : 0.3;
    if (tinted) g.fillRect(x, model.top, w, model.bottom - model.top);
    else g.fillRect(x, model.bottom - 9, w, 9);
    g.globalAlpha = 1;
  }
  g.setLineDash([2, 3]);
  for (const group of layout.groups) {
    const kind = group.markers[0]?.kind ?? '';
    const x = model.left + group.at * span;
    g.strokeStyle = color(markerLook(kind).color);
    g.beginPath();
    g.moveTo(x, model.top);
    g.lineTo(x, model.bottom);
    g.stroke();
    g.fillStyle = g.strokeStyle;
    g.fill(shape(markerLook(kind).glyph, x, model.bottom + 7));
  }
  g.setLineDash([]);
}

/** The mark of a kind round a point, five pixels to each side. */
function shape(glyph: string, x: number, y: number): Path2D {
  const path = new Path2D();
  if (glyph === 'deploy')
    for (const [dx, dy] of [
      [0, -5],
      [5, 5],
      [-5, 5],
    ] as const)
      path.lineTo(x + dx, y + dy);
  else if (glyph === 'scaling')
    for (const [dx, dy] of [
      [0, -5],
      [5, 0],
      [0, 5],
      [-5, 0],
    ] as const)
      path.lineTo(x + dx, y + dy);
  else if (glyph === 'config') path.rect(x - 4, y - 4, 8, 8);
  else path.arc(x, y, glyph === 'alert' ? 4.5 : 3, 0, Math.PI * 2);
  return path;
}

function drawThreshold(g: CanvasRenderingContext2D, model: ChartModel, threshold: Threshold, color: Color): void {
  const y = model.y(threshold.value);
  g.strokeStyle = color('--ink-2');
  g.setLineDash([6, 3]);
  g.beginPath();
  g.moveTo(model.left, y);
  g.lineTo(model.width - model.right, y);
  g.stroke();
  g.setLineDash([]);
  g.fillStyle = color('--ink-2');
  g.textAlign = 'left';
  g.fillText(threshold.label, model.left + 4, y - 4);
}

function drawLegend(g: CanvasRenderingContext2D, model: ChartModel, color: Color): void {
  g.textAlign = 'left';
  let x = 12;
  for (const one of model.series.filter((s) => s.shown).slice(0, 12)) {
    g.fillStyle = color(one.color);
    g.fillRect(x, model.height + 9, 12, 3);
    g.fillStyle = color('--ink-2');
    g.fillText(one.legend, x + 16, model.height + 15);
    x += 30 + g.measureText(one.legend).width;
  }
}
