import type { TraceModel } from './trace-model.ts';

/** A colour as one number of an `ImageData`: alpha, blue, green, red (little-endian). */
export function packColor(text: string): number {
  const hex = /^#([0-9a-f]{6})$/i.exec(text.trim())?.[1];
  if (!hex) return 0xff808080;
  const [red, green, blue] = [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as [
    number,
    number,
    number,
  ];
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

export interface MinimapColors {
  ground: number;
  /** By number of the colour. */
  services: readonly number[];
  error: number;
}

const mostThick = 3;

/**
 * Draws every span of the trace into pixels, one below the other in the order of the tree, errors on top. The work is
 * bounded by what is drawn: rows that share a line of pixels overwrite one another.
 */
export function paintMinimap(
  pixels: Uint32Array,
  width: number,
  height: number,
  { tree, spans: { offset, duration, service, status }, totalNs, colors }: TraceModel,
  { ground, services, error }: MinimapColors,
): void {
  pixels.fill(ground);
  const { size, order, errors } = tree;
  if (size === 0 || width < 1 || height < 1) return;
  const total = totalNs > 0 ? totalNs : 1;
  const line = height / size;
  const thick = Math.max(1, Math.min(mostThick, Math.floor(line - 1)));
  const bar = (position: number, span: number, color: number, longest: number) => {
    const y = Math.min(height - thick, Math.floor(position * line));
    const x = Math.min(width - 1, Math.max(0, Math.floor(((offset[span] as number) / total) * width)));
    const length = Math.max(2, Math.round(((duration[span] as number) / total) * width));
    const end = Math.min(width, x + Math.min(length, longest));
    for (let row = y; row < y + thick; row++) pixels.fill(color, row * width + x, row * width + end);
  };
  for (let position = 0; position < size; position++) {
    const span = order[position] as number;
    bar(position, span, services[colors[service[span] as number] as number] ?? ground, width);
  }
  for (let position = 0; position < size; position++) {
    const span = order[position] as number;
    // Only where an error began: those above merely pass it on.
    const own = status[span] === 2 && errors[span] === 1;
    if (own) bar(position, span, error, 6);
  }
}
