const storageKey = 'quarterdeck.explore.recent';
const most = 50;

export interface RecentQuery {
  expr: string;
  /** When it was last run, in milliseconds. */
  at: number;
}

/** The list with queries that were just run at its head, each once. */
export function withRecent(list: readonly RecentQuery[], exprs: readonly string[], at: number): RecentQuery[] {
  const run = [...new Set(exprs.map((expr) => expr.trim()).filter(Boolean))];
  return [...run.map((expr) => ({ expr, at })), ...list.filter(({ expr }) => !run.includes(expr))].slice(0, most);
}

/** Reads what was kept; anything that is not a list of queries is nothing. */
export function parseRecent(text: string | null): RecentQuery[] {
  try {
    const list: unknown = JSON.parse(text ?? '[]');
    if (!Array.isArray(list)) return [];
    return list
      .filter((item): item is RecentQuery => typeof item?.expr === 'string' && typeof item?.at === 'number')
      .slice(0, most);
  } catch {
    return [];
  }
}

/** Queries that this browser ran, the last first. */
export function readRecent(): RecentQuery[] {
  try {
    return parseRecent(localStorage.getItem(storageKey));
  } catch {
    return []; // a browser may forbid it
  }
}

/** Keeps queries that were run, in this browser only. */
export function keepRecent(exprs: readonly string[]): void {
  try {
    localStorage.setItem(storageKey, JSON.stringify(withRecent(readRecent(), exprs, Date.now())));
  } catch {
    // Then there is no history; nothing else depends on it.
  }
}

export function forgetRecent(): void {
  try {
    localStorage.removeItem(storageKey);
  } catch {
    // It was not kept in the first place.
  }
}
