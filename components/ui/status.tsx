import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import { Glyph, type GlyphName } from './glyph.tsx';
import type { Tone } from './tone.ts';

const states = {
  ok: { tone: 'good', word: 'ok', glyph: 'ok' },
  failing: { tone: 'bad', word: 'failing', glyph: 'failing' },
  slow: { tone: 'warn', word: 'slow', glyph: 'slow' },
  over: { tone: 'warn', word: 'over objective', glyph: 'slow' },
  warns: { tone: 'warn', word: 'warns', glyph: 'slow' },
  idle: { tone: 'dim', word: 'no traffic', glyph: 'idle' },
  nodata: { tone: 'unknown', word: 'no data', glyph: 'nodata' },
  late: { tone: 'warn', word: 'late', glyph: 'late' },
  fault: { tone: 'fault', word: 'in fault', glyph: 'fault' },
  error: { tone: 'bad', word: 'error', glyph: 'error' },
  blocked: { tone: 'bad', word: 'blocked', glyph: 'block' },
  notPermitted: { tone: 'dim', word: 'not permitted', glyph: 'block' },
  waiting: { tone: 'info', word: 'waiting', glyph: 'wait' },
} as const satisfies Record<string, { tone: Tone; word: string; glyph: GlyphName }>;

export type StatusName = keyof typeof states;

export interface StatusProps {
  state: StatusName;
  /** Replaces the usual word. An empty word keeps the shape and needs `label`. */
  word?: ReactNode;
  tone?: Tone;
  glyph?: GlyphName;
  /** Read instead of the word where the word is left out. */
  label?: string;
  className?: string;
  title?: string;
}

/** A status is a shape and a word, never colour alone. */
export function Status({ state, word, tone, glyph, label, className, title }: StatusProps) {
  const known = states[state];
  return (
    <span className={cx('st', tone ?? known.tone, className)} title={title}>
      <Glyph name={glyph ?? known.glyph} />
      {word ?? known.word}
      {label ? <span className="sr">{label}</span> : null}
    </span>
  );
}
