/**
 * A trace id as it is used here, 32 lowercase hexadecimal digits: from an id of 16 to 32 digits (some tools cut off
 * leading zeros; `least` lowers the 16), from one with dashes, or from a `traceparent`. null for everything else.
 */
export function parseTraceId(text: string, least = 16): string | null {
  const given = text.trim().toLowerCase();
  const parent = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(given);
  const digits =
    parent?.[1] ?? (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(given) ? given.replaceAll('-', '') : given);
  if (!/^[0-9a-f]{1,32}$/.test(digits) || digits.length < least || /^0+$/.test(digits)) return null;
  return digits.padStart(32, '0');
}

/** A span id as it is used here, 16 lowercase hexadecimal digits; null for what is none. */
export function parseSpanId(text: string): string | null {
  const digits = text.trim().toLowerCase();
  return /^[0-9a-f]{1,16}$/.test(digits) && !/^0+$/.test(digits) ? digits.padStart(16, '0') : null;
}
