const hexadecimal = /^[0-9a-f]+$/;

/**
 * An id of 32 lowercase hexadecimal digits, padded on the left: backends trim leading zeros and keep ids of 64 bits.
 * null for anything that cannot be a trace id, zero included.
 */
export function normaliseTraceId(text: string): string | null {
  return normalise(text, 32);
}

/** The same for spans: 16 digits. */
export function normaliseSpanId(text: string): string | null {
  return normalise(text, 16);
}

function normalise(text: string, digits: number): string | null {
  const id = text.trim().toLowerCase();
  if (id.length > digits || !hexadecimal.test(id)) return null;
  const padded = id.padStart(digits, '0');
  return /^0+$/.test(padded) ? null : padded;
}

/** Hexadecimal of bytes, normalised; null where they cannot be an id of that many digits. */
export function idOfBytes(bytes: Uint8Array, digits: 16 | 32): string | null {
  if (bytes.length === 0 || bytes.length > digits / 2) return null;
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
  return normalise(hex, digits);
}
