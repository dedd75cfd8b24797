'use client';
import { useEffect, useMemo, useState } from 'react';
import { insightOf, type TraceInsight } from './insight.ts';
import type { TraceModel } from './trace-model.ts';

export type { TraceInsight };

/** Up to so many spans it is reckoned before the first drawing. */
const atOnce = 3_000;

/** What is reckoned from the trace; null for a moment where that would hold up the first rows. */
export function useInsight(model: TraceModel): TraceInsight | null {
  const now = useMemo(() => (model.tree.size <= atOnce ? insightOf(model) : null), [model]);
  const [later, setLater] = useState<{ model: TraceModel; insight: TraceInsight } | null>(null);
  useEffect(() => {
    if (now) return;
    // After the next painting: the rows are there first.
    let timer: ReturnType<typeof setTimeout>;
    const frame = requestAnimationFrame(() => {
      timer = setTimeout(() => setLater({ model, insight: insightOf(model) }), 0);
    });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, [model, now]);
  return now ?? (later?.model === model ? later.insight : null);
}
