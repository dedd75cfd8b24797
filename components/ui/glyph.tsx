import type { ReactNode } from 'react';

const line = { fill: 'none', stroke: 'currentColor' } as const;

/** One shape per meaning, the same in tables, charts, legends and timelines. Drawn in a 12 × 12 box. */
export const glyphShapes = {
  ok: <path d="M2 6.5l3 3 5-7" {...line} strokeWidth="1.9" />,
  failing: <path d="M6 1l5.4 10H.6z" fill="currentColor" />,
  slow: <path d="M6 1.8l4.6 8.7H1.4z" {...line} strokeWidth="1.6" />,
  error: <path d="M2 2l8 8M10 2l-8 8" {...line} strokeWidth="2.1" />,
  idle: <circle cx="6" cy="6" r="4.4" {...line} strokeWidth="1.6" />,
  nodata: (
    <>
      <path d="M3.4 3.8a2.6 2.6 0 115 .7c0 1.7-2.4 1.7-2.4 3.4" {...line} strokeWidth="1.7" />
      <circle cx="6" cy="10.6" r="1.1" fill="currentColor" />
    </>
  ),
  late: (
    <>
      <circle cx="6" cy="6" r="4.6" {...line} strokeWidth="1.5" />
      <path d="M6 3.2V6l2 1.4" {...line} strokeWidth="1.5" />
    </>
  ),
  wait: <path d="M3 2h6M3 10h6M3.6 2c0 4 4.8 4 4.8 8M8.4 2c0 4-4.8 4-4.8 8" {...line} strokeWidth="1.4" />,
  block: (
    <>
      <circle cx="6" cy="6" r="4.6" {...line} strokeWidth="1.7" />
      <path d="M2.8 9.2l6.4-6.4" {...line} strokeWidth="1.7" />
    </>
  ),
  note: <circle cx="6" cy="6" r="4" {...line} strokeWidth="2" />,
  deploy: <path d="M6 1l5.4 10H.6z" fill="currentColor" />,
  scaling: <path d="M6 .6L11.4 6 6 11.4.6 6z" fill="currentColor" />,
  alert: <circle cx="6" cy="6" r="4.8" fill="currentColor" />,
  config: <rect x="1.6" y="1.6" width="8.8" height="8.8" fill="currentColor" />,
  fault: (
    <>
      <rect x="1" y="1" width="10" height="10" {...line} strokeWidth="1.3" />
      <path d="M1 6l5-5M1 11L11 1M6 11l5-5" stroke="currentColor" strokeWidth="1.3" />
    </>
  ),
  incident: (
    <>
      <rect x=".5" y="1" width="11" height="10" fill="currentColor" opacity=".2" />
      <rect x=".5" y="1" width="11" height="3" fill="currentColor" />
    </>
  ),
} satisfies Record<string, ReactNode>;

export type GlyphName = keyof typeof glyphShapes;

/** A decorative shape; the word beside it carries the meaning for those who do not see it. */
export function Glyph({ name, size = 12 }: { name: GlyphName; size?: number }) {
  return (
    <svg viewBox="0 0 12 12" width={size} height={size} aria-hidden="true">
      {glyphShapes[name]}
    </svg>
  );
}
