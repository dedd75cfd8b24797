/** Why a trace is kept whatever the ratio. */
export const flags = { error: 1, slow: 2 } as const;

/** Rows of spans one by one, so that each can be kept or left out. Made to be passed between threads. */
export interface PackedSpans {
  count: number;
  /** 16 bytes for each row. */
  traceIds: Uint8Array<ArrayBuffer>;
  /** Of `flags`, for each row. */
  flags: Uint8Array<ArrayBuffer>;
  /** Where each row ends in `text`. */
  ends: Uint32Array<ArrayBuffer>;
  /** Array elements of each row's columns, with NUL between them: text that Postgres keeps has none. */
  text: Uint8Array<ArrayBuffer>;
}

const separator = '\0';

/** Collects rows of array elements. */
export function packer() {
  const traceIds: Uint8Array[] = [];
  const flagsOfRows: number[] = [];
  const texts: Buffer[] = [];
  return {
    add(traceId: Uint8Array, rowFlags: number, row: string[]): void {
      traceIds.push(traceId);
      flagsOfRows.push(rowFlags);
      texts.push(Buffer.from(row.join(separator)));
    },
    build: (): PackedSpans => pack(traceIds, flagsOfRows, texts),
  };
}

function pack(traceIds: Uint8Array[], flagsOfRows: ArrayLike<number>, texts: Uint8Array[]): PackedSpans {
  const count = texts.length;
  const packed: PackedSpans = {
    count,
    traceIds: new Uint8Array(16 * count),
    flags: Uint8Array.from(flagsOfRows),
    ends: new Uint32Array(count),
    text: new Uint8Array(texts.reduce((sum, { byteLength }) => sum + byteLength, 0)),
  };
  let end = 0;
  for (const [index, text] of texts.entries()) {
    packed.traceIds.set(traceIds[index] as Uint8Array, 16 * index);
    packed.text.set(text, end);
    end += text.byteLength;
    packed.ends[index] = end;
  }
  return packed;
}

/** Some of the rows, copied, so that the memory of the others can go. */
export function pickRows(packed: PackedSpans, indexes: readonly number[]): PackedSpans {
  return pack(
    indexes.map((index) => traceIdOf(packed, index)),
    indexes.map((index) => packed.flags[index] ?? 0),
    indexes.map((index) => textOf(packed, index)),
  );
}

export function traceIdOf({ traceIds }: PackedSpans, index: number): Uint8Array {
  return traceIds.subarray(16 * index, 16 * index + 16);
}

function textOf({ ends, text }: PackedSpans, index: number): Uint8Array {
  return text.subarray(ends[index - 1] ?? 0, ends[index]);
}

export function bytesOf({ ends }: PackedSpans, index: number): number {
  return (ends[index] ?? 0) - (ends[index - 1] ?? 0);
}

/** The elements of a row in the order of the columns. */
export function rowOf(packed: PackedSpans, index: number): string[] {
  const { buffer, byteOffset, byteLength } = textOf(packed, index);
  return Buffer.from(buffer, byteOffset, byteLength).toString('utf8').split(separator);
}

/** As bytes to be kept in Postgres: the number of rows, then for each its trace id and its length, then the texts. */
export function toBytes(packed: PackedSpans): Buffer {
  const head = Buffer.alloc(4 + packed.count * 20);
  head.writeUInt32BE(packed.count, 0);
  for (let index = 0; index < packed.count; index++) {
    head.set(traceIdOf(packed, index), 4 + index * 20);
    head.writeUInt32BE(bytesOf(packed, index), 20 + index * 20);
  }
  return Buffer.concat([head, packed.text]);
}

/** Reads what `toBytes` wrote; throws a RangeError when it is something else. */
export function fromBytes(bytes: Buffer): PackedSpans {
  const count = bytes.readUInt32BE(0);
  const ids: Uint8Array[] = [];
  const texts: Uint8Array[] = [];
  let at = 4 + count * 20;
  for (let index = 0; index < count; index++) {
    const length = bytes.readUInt32BE(20 + index * 20);
    ids.push(bytes.subarray(4 + index * 20, 20 + index * 20));
    texts.push(bytes.subarray(at, at + length));
    at += length;
  }
  if (at !== bytes.byteLength) throw new RangeError('these are not packed spans');
  return pack(ids, new Uint8Array(count), texts);
}
