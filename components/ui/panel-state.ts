import type { ReactNode } from 'react';

/** What a panel can be in. The panel's size is the same in all of them. */
export type PanelState =
  | { kind: 'ok' }
  | { kind: 'loading' }
  | { kind: 'empty'; title: ReactNode; hint?: ReactNode; action?: ReactNode }
  /** Nothing came in: that is measured, not missing. */
  | { kind: 'noTraffic'; title?: ReactNode; hint?: ReactNode }
  /** The source has no figures at all. */
  | { kind: 'noData'; title?: ReactNode; hint?: ReactNode; action?: ReactNode }
  /** The last figures are shown with their age. */
  | { kind: 'stale'; asOf: number }
  /** Some of it is shown; `word` says what part. */
  | { kind: 'partial'; word: ReactNode }
  | {
      kind: 'sourceDown';
      source: string;
      /** What went wrong, in words. */
      reason: ReactNode;
      /** Since when, and when it is tried again, in milliseconds. */
      since?: number;
      nextTryAt?: number;
      onRetry?: () => void;
    }
  | { kind: 'notPermitted'; title: ReactNode; hint?: ReactNode; action?: ReactNode };

/** Whether the panel's own content is drawn. */
export function showsContent(state: PanelState): boolean {
  return state.kind === 'ok' || state.kind === 'stale' || state.kind === 'partial';
}

interface QueryLike {
  isPending: boolean;
  isError: boolean;
  data: unknown;
  error: unknown;
  dataUpdatedAt: number;
  errorUpdatedAt: number;
  refetch: () => unknown;
}

/**
 * The state of a panel that shows one query: loading before the first answer, `sourceDown` when there never was one,
 * `stale` with the age of the last answer when later ones fail, `notPermitted` on a 403.
 */
export function panelStateOf(query: QueryLike, source: string): PanelState {
  if (query.isError) {
    const problem = query.error as { status?: number; title?: string; detail?: string; message?: string } | null;
    const reason = problem?.detail ?? problem?.title ?? problem?.message ?? 'it gave no answer';
    if (problem?.status === 403) return { kind: 'notPermitted', title: 'Not permitted', hint: reason };
    if (query.data !== undefined) return { kind: 'stale', asOf: query.dataUpdatedAt };
    return { kind: 'sourceDown', source, reason, onRetry: () => void query.refetch() };
  }
  if (query.isPending) return { kind: 'loading' };
  return { kind: 'ok' };
}
