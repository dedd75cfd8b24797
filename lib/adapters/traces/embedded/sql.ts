/** The parameters of one statement. */
export class Parameters {
  readonly values: unknown[] = [];

  /** Adds a value and returns its place, with its type: `$3::text`. */
  add(value: unknown, type: string): string {
    this.values.push(typeof value === 'string' ? storable(value) : value);
    return `$${this.values.length}::${type}`;
  }
}

export const nsPerMs = 1_000_000n;
export const nsPerHour = 3_600_000_000_000n;

export function msToNs(ms: number): bigint {
  return BigInt(Math.round(ms * 1_000)) * 1_000n;
}

/** Text that stands for itself in a pattern of LIKE. */
export function likePattern(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}

/** Text as the receiver stores it: Postgres keeps neither NUL nor lone surrogates. */
export function storable(text: string): string {
  return text.replaceAll('\0', '\uFFFD').toWellFormed();
}
