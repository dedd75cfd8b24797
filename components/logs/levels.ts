import type { LogLevel } from '#lib/logs/schemas.ts';
import type { GlyphName } from '../ui/glyph.tsx';
import type { Tone } from '../ui/tone.ts';

export type LevelName = LogLevel | 'none';

interface Look {
  word: string;
  glyph: GlyphName;
  tone: Tone;
  /** Of the bar in the chart. */
  fill: string;
}

/** The shape, the word and the colour of each level, the worst first. */
export const levelLook: Record<LevelName, Look> = {
  fatal: { word: 'fatal', glyph: 'failing', tone: 'bad', fill: 'var(--bad)' },
  error: { word: 'error', glyph: 'error', tone: 'bad', fill: 'var(--bad)' },
  warn: { word: 'warn', glyph: 'slow', tone: 'warn', fill: 'var(--warn)' },
  info: { word: 'info', glyph: 'note', tone: 'dim', fill: 'color-mix(in srgb, var(--control) 70%, var(--panel))' },
  debug: { word: 'debug', glyph: 'idle', tone: 'dim', fill: 'var(--line-strong)' },
  trace: { word: 'trace', glyph: 'idle', tone: 'dim', fill: 'var(--line)' },
  none: { word: 'no level', glyph: 'nodata', tone: 'unknown', fill: 'var(--unknown)' },
};

export const levelsWorstFirst = Object.keys(levelLook) as LevelName[];
