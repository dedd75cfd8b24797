import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import { Glyph, type GlyphName } from './glyph.tsx';

const glyphs = { warn: 'slow', bad: 'error', good: 'ok', unknown: 'nodata', info: 'note' } as const satisfies Record<
  string,
  GlyphName
>;

export interface NoteProps {
  tone?: keyof typeof glyphs;
  /** Announced when it appears. */
  live?: boolean;
  className?: string;
  children: ReactNode;
}

/** A sentence that qualifies what stands around it. */
export function Note({ tone = 'warn', live, className, children }: NoteProps) {
  return (
    <div className={cx('note row items-start', tone !== 'warn' && tone, className)} role={live ? 'status' : undefined}>
      <span className="flex-none pt-[4px]">
        <Glyph name={glyphs[tone]} size={11} />
      </span>
      <div className="grow">{children}</div>
    </div>
  );
}
