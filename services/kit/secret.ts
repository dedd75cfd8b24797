import { hash, timingSafeEqual } from 'node:crypto';

/** Whether two secrets are equal, in a time that does not tell how far they agree. */
export function sameSecret(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}

/** The token of an `Authorization: Bearer …` header, or undefined. */
export function bearerToken(header: string | undefined): string | undefined {
  return header?.match(/^Bearer ([\x21-\x7e]+)$/i)?.[1];
}
