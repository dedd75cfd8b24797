import type { LogLine } from '#lib/logs/schemas.ts';
import { cx } from '../ui/cx.ts';
import { Glyph } from '../ui/glyph.tsx';
import { levelLook } from './levels.ts';

/** A level as its shape and its word. */
export function LevelWord({ level, className }: { level: LogLine['level']; className?: string }) {
  const { word, glyph, tone } = levelLook[level ?? 'none'];
  return (
    <span className={cx('st log-level', tone, className)}>
      <Glyph name={glyph} />
      {word}
    </span>
  );
}
