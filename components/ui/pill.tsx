import type { ComponentProps, ReactNode } from 'react';
import { cx } from './cx.ts';
import { Glyph, type GlyphName } from './glyph.tsx';
import type { Tone } from './tone.ts';

export interface PillProps extends Omit<ComponentProps<'span'>, 'children'> {
  tone?: Tone | 'solid-bad';
  glyph?: GlyphName;
  children: ReactNode;
}

/** A short word on a soft ground. */
export function Pill({ tone, glyph, className, children, ...rest }: PillProps) {
  return (
    <span className={cx('pill', tone, className)} {...rest}>
      {glyph ? <Glyph name={glyph} /> : null}
      {children}
    </span>
  );
}

/** A count that asks for attention, in navigation and headers. */
export function Badge({ count, label }: { count: number; label?: string }) {
  return (
    <span className="badge">
      {count}
      {label ? <span className="sr"> {label}</span> : null}
    </span>
  );
}
