/**
 * Builds one column of many rows as the text of a Postgres array without its braces, so that columns of several
 * requests are joined by commas and one statement inserts them all.
 */
const special = /["\\]/g;

/** An element of an array of text or json. */
export function textElement(text: string | null | undefined): string {
  return text === null || text === undefined ? 'NULL' : `"${text.replace(special, '\\$&')}"`;
}

/** An element of an array of bytea. */
export function bytesElement(bytes: Uint8Array | null): string {
  if (!bytes) return 'NULL';
  return `"\\\\x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}"`;
}

/** Rows by column, ready to be joined with others. */
export interface Columns {
  rows: number;
  /** One text per column, in the order in which the store names them. */
  columns: string[];
}

/** A request's rows are cut into pieces of this many: the elements of a piece are garbage once it is joined. */
const rowsPerPiece = 1_000;

/** Collects rows of array elements into columns. */
export function columnBuilder(width: number) {
  const pieces: Columns[] = [];
  let open: string[][] = [];
  let rows = 0;

  function cut(): void {
    if (open[0]) pieces.push({ rows: open[0].length, columns: open.map((elements) => elements.join()) });
    open = [];
  }

  return {
    add(row: string[]): void {
      if (open.length === 0) open = Array.from({ length: width }, () => []);
      for (let index = 0; index < width; index++) open[index]?.push(row[index] ?? 'NULL');
      rows += 1;
      if (rows % rowsPerPiece === 0) cut();
    },
    build(): { rows: number; pieces: Columns[] } {
      cut();
      return { rows, pieces };
    },
  };
}
