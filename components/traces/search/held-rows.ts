/** Rows as they are shown, and those that wait because somebody is at the list. */
export interface HeldRows<Row> {
  rows: readonly Row[];
  /** How many newer ones wait. */
  waiting: number;
  /** Ids of the rows that came with the last change. */
  fresh: ReadonlySet<string>;
}

const nothing: ReadonlySet<string> = new Set();

/**
 * What to show when a list was asked for again. While somebody is at the list (`isHeld`), its rows stay where they are,
 * only renewed in place, and what is newer waits; else the new ones come on top and are marked.
 */
export function holdRows<Row>(
  before: HeldRows<Row> | null,
  incoming: readonly Row[],
  { isHeld, idOf }: { isHeld: boolean; idOf: (row: Row) => string },
): HeldRows<Row> {
  if (before === null) return { rows: incoming, waiting: 0, fresh: nothing };
  const known = new Set(before.rows.map(idOf));
  const added = incoming.filter((row) => !known.has(idOf(row)));
  if (!isHeld || before.rows.length === 0) {
    return { rows: incoming, waiting: 0, fresh: added.length === incoming.length ? nothing : new Set(added.map(idOf)) };
  }
  const renewed = new Map(incoming.map((row) => [idOf(row), row]));
  return {
    rows: before.rows.map((row) => renewed.get(idOf(row)) ?? row),
    waiting: added.length,
    fresh: before.fresh,
  };
}
