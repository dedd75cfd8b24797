'use client';
import { useEffect, useMemo, useRef, useState } from 'react';
import { layOut } from './lay-out.ts';
import { carryOver, fromElk, type Layout, type Structure, structureKey, toElk } from './layout.ts';

interface Laid {
  scope: string;
  key: string;
  layout: Layout;
}

export interface LayoutResult {
  /** null until there is one. */
  layout: Layout | null;
  /** Grows when everything has got another place: then the view is worth fitting again. */
  generation: number;
  failed: boolean;
  /** Lays everything out anew, gaps and newcomers included. */
  tidy: () => void;
}

const mostKept = 30;

/**
 * The layout of a graph. It stays as it is while only figures change; what comes and goes leaves the rest in its place.
 * `scope` says which part of the map this is: going back to a part finds it as it was.
 */
export function useLayout(structure: Structure, scope: string): LayoutResult {
  const key = useMemo(() => structureKey(structure), [structure]);
  const kept = useRef(new Map<string, Laid>());
  const [laid, setLaid] = useState<Laid | null>(null);
  const [failed, setFailed] = useState(false);
  const [generation, setGeneration] = useState(0);
  const [asked, setAsked] = useState(0);
  const tidied = useRef(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the structure
  useEffect(() => {
    if (structure.nodes.length === 0) return;
    const tidying = tidied.current !== asked;
    tidied.current = asked;
    const before = kept.current.get(scope);
    const keep = (layout: Layout, isNew: boolean) => {
      const next = { scope, key, layout };
      kept.current.delete(scope);
      kept.current.set(scope, next);
      const oldest = kept.current.keys().next().value;
      if (kept.current.size > mostKept && oldest !== undefined) kept.current.delete(oldest);
      setLaid(next);
      setFailed(false);
      if (isNew) setGeneration((count) => count + 1);
    };
    if (before && !tidying) {
      const carried = before.key === key ? before.layout : carryOver(before.layout, structure);
      if (carried) {
        keep(carried, laid?.scope !== scope);
        return;
      }
    }
    let wanted = true;
    layOut(toElk(structure)).then(
      (answer) => wanted && keep(fromElk(answer), true),
      () => wanted && setFailed(true),
    );
    return () => {
      wanted = false;
    };
  }, [key, scope, asked]);

  const current = laid && laid.scope === scope ? laid.layout : null;
  return { layout: current, generation, failed, tidy: () => setAsked((count) => count + 1) };
}
