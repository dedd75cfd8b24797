'use client';
import { useSearchParams } from 'next/navigation';
import { useCallback, useMemo, useRef, useState } from 'react';
import {
  type ExploreQuery,
  type ExploreState,
  exploreKey,
  mostQueries,
  parseExplore,
  type QueryUnit,
  writeExplore,
} from './explore-url.ts';

/** One query on the page: as it was run (and stands in the address), and as it is being written. */
export interface QueryRow extends ExploreQuery {
  id: number;
  draft: string;
}

export interface Explore {
  rows: QueryRow[];
  view: ExploreState['view'];
  stepMs: number | null;
  /** Something was written and not run. */
  isEdited: boolean;
  edit: (id: number, draft: string) => void;
  /** Puts every draft into the address; returns the expressions that run now. */
  run: () => string[];
  /** Adds queries and runs them at once, in place of an empty one. */
  load: (exprs: readonly string[]) => void;
  add: () => void;
  duplicate: (id: number) => void;
  remove: (id: number) => void;
  toggle: (id: number) => void;
  setUnit: (id: number, unit: QueryUnit | null) => void;
  setView: (view: ExploreState['view']) => void;
  setStep: (stepMs: number | null) => void;
}

const empty: ExploreQuery = { expr: '', hidden: false, unit: null };

/** The state of explore. The address has all of it but what is still being written. */
export function useExplore(): Explore {
  const params = useSearchParams();
  const key = useMemo(() => exploreKey(new URLSearchParams(params)), [params]);
  const nextId = useRef(0);
  const rowOf = (query: ExploreQuery): QueryRow => ({ ...query, draft: query.expr, id: nextId.current++ });
  const read = (): QueryRow[] => {
    const { queries } = parseExplore(new URLSearchParams(params));
    return (queries.length > 0 ? queries : [empty]).map(rowOf);
  };
  const [rows, setRows] = useState<QueryRow[]>(read);
  const [known, setKnown] = useState(key);
  const { view, stepMs } = parseExplore(new URLSearchParams(params));

  // Back, forward, or a link that somebody pasted: the address is right, and what was being written is not in it.
  if (known !== key) {
    setKnown(key);
    setRows(read());
  }

  const write = useCallback((next: QueryRow[], changed: Partial<Pick<ExploreState, 'view' | 'stepMs'>> = {}) => {
    setRows(next);
    const url = new URL(window.location.href);
    const before = parseExplore(url.searchParams);
    const search = writeExplore(url.searchParams, { ...before, ...changed, queries: next });
    setKnown(exploreKey(search));
    url.search = search.toString();
    if (url.href !== window.location.href) window.history.pushState(null, '', url);
  }, []);

  const change = (id: number, how: (row: QueryRow) => QueryRow) =>
    write(rows.map((row) => (row.id === id ? how(row) : row)));

  return {
    rows,
    view,
    stepMs,
    isEdited: rows.some(({ draft, expr }) => draft.trim() !== expr.trim()),
    edit: (id, draft) => setRows((before) => before.map((row) => (row.id === id ? { ...row, draft } : row))),
    run: () => {
      write(rows.map((row) => ({ ...row, expr: row.draft.trim() })));
      return rows.filter(({ draft, hidden }) => draft.trim() !== '' && !hidden).map(({ draft }) => draft);
    },
    load: (exprs) => {
      const kept = rows.filter(({ draft, expr }) => draft.trim() !== '' || expr !== '');
      write([...kept, ...exprs.map((expr) => rowOf({ ...empty, expr }))].slice(-mostQueries));
    },
    add: () => setRows([...rows, rowOf(empty)]),
    duplicate: (id) => write(rows.flatMap((row) => (row.id === id ? [row, { ...row, id: nextId.current++ }] : [row]))),
    remove: (id) => {
      const left = rows.filter((row) => row.id !== id);
      write(left.length > 0 ? left : [rowOf(empty)]);
    },
    toggle: (id) => change(id, (row) => ({ ...row, hidden: !row.hidden })),
    setUnit: (id, unit) => change(id, (row) => ({ ...row, unit })),
    setView: (next) => write(rows, { view: next }),
    setStep: (next) => write(rows, { stepMs: next }),
  };
}
