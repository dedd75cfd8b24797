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

/** The columns of one request's rows, ready to be joined with those of others. */
export interface Columns {
  rows: number;
  /** One text per column, in the order in which the store names them. */
  columns: string[];
}

/** Collects rows of array elements into columns. */
export function columnBuilder(width: number) {
  const columns: string[][] = Array.from({ length: width }, () => []);
  return {
    add(row: string[]): void {
      for (let index = 0; index < width; index++) columns[index]?.push(row[index] ?? 'NULL');
    },
    build(): Columns {
      return { rows: columns[0]?.length ?? 0, columns: columns.map((elements) => elements.join()) };
    },
  };
}
