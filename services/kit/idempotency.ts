import { invalidField } from './problem.ts';

export const IDEMPOTENCY_HEADER = 'idempotency-key';

/** The caller's Idempotency-Key; a 400 that names the header when it is missing or not a plain word of 8 to 128 characters. */
export function requireIdempotencyKey(header: string | string[] | undefined): string {
  if (typeof header === 'string' && /^[A-Za-z0-9._:-]{8,128}$/.test(header)) return header;
  const message =
    header === undefined
      ? 'is missing; send a value that is new for each thing to be done, such as a UUID'
      : 'must be 8 to 128 letters, digits, ".", "_", ":" or "-"';
  throw invalidField(IDEMPOTENCY_HEADER, header === undefined ? 'missing' : 'invalid', message);
}
