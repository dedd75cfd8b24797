/** Replaces secrets in whatever is about to be logged; see {@link createMasker}. */
export type Masker = <T>(value: T) => T;

export const MASKED = '[masked]';

const SECRET_KEY =
  /(^|[._-])(pass(word|wd|phrase)?|pwd|secret|token|auth(orization)?|cookie|credentials?|cvv2?|cvc2?|pan)($|[._-])|password|passwd|passphrase|secret|authorization|cookie|api[._-]?key|private[._-]?key|access[._-]?key|(access|refresh|id|auth|bearer|session|csrf|api|incident|registry)[._-]?token|card[._-]?(number|no)|client[._-]?secret/i;

// Epochs and ids are long numbers too: only what begins as the issuers' numbers do is looked at.
const CARD = /(?<![0-9A-Za-z.])(?:4|5[1-5]|2[2-7]|3[04-9]|6[0-9])(?:[ -]?[0-9]){11,17}(?![0-9A-Za-z])/g;

const IN_TEXT: readonly (readonly [RegExp, string])[] = [
  [/\b(Bearer|Basic|ApiKey)(\s+|%20|\+)[A-Za-z0-9._~+/=%-]{6,}/gi, `$1$2${MASKED}`],
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]*/g, MASKED],
  [/([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s/@]+@/gi, `$1:${MASKED}@`],
  [
    /(\\?["']?(?:pass(?:word|wd|phrase)?|secret|(?:access|refresh|id|auth|session|api)?[_-]?token|api[_-]?key|authorization|client[_-]?secret|card[_-]?number|cvv|cvc)\\?["']?\s*(?:=|:|%3D|%3A)\s*\\?["']?)(?!\s*\[masked\])(?!(?:Bearer|Basic)\s)([^\s"'\\,;&}\]]+)/gi,
    `$1${MASKED}`,
  ],
];

/**
 * A function that returns a copy of a JSON value in which secrets are replaced: by the name of their key at any
 * depth, by their look within strings (bearer tokens, JWTs, passwords of URLs, `password=…`), card numbers that pass
 * the Luhn check, and the given values themselves, also in base64 and URL encoding.
 */
export function createMasker(secrets: readonly string[] = []): Masker {
  const literals = [...new Set(secrets.filter((secret) => secret.length >= 6).flatMap(encodings))].sort(
    (left, right) => right.length - left.length,
  );

  const maskText = (value: string): string => {
    let masked = value;
    for (const literal of literals) if (masked.includes(literal)) masked = masked.replaceAll(literal, MASKED);
    if (masked.length < 6) return masked;
    for (const [pattern, replacement] of IN_TEXT) masked = masked.replace(pattern, replacement);
    return masked.replace(CARD, (match) => (isCardNumber(match) ? MASKED : match));
  };

  const mask = (value: unknown, depth: number): unknown => {
    if (typeof value === 'string') return maskText(value);
    if (typeof value === 'number') return Number.isInteger(value) && isCardNumber(String(value)) ? MASKED : value;
    if (value === null || typeof value !== 'object') return value;
    if (depth > 12) return '[too deep]';
    if (Array.isArray(value)) return value.map((item) => mask(item, depth + 1));
    const result: Record<string, unknown> = {};
    for (const [key, item] of Object.entries(value)) {
      result[key] = isSecretKey(key) && item !== null && item !== '' ? MASKED : mask(item, depth + 1);
    }
    return result;
  };

  return <T>(value: T): T => mask(value, 0) as T;
}

function isSecretKey(key: string): boolean {
  return SECRET_KEY.test(key.replace(/([a-z0-9])([A-Z])/g, '$1_$2'));
}

/** Whether the digits (blanks and hyphens apart) are a payment card's number: issuer's prefix, length, Luhn. */
export function isCardNumber(candidate: string): boolean {
  const digits = candidate.replace(/[ -]/g, '');
  if (!/^(4\d{12}(\d{3}){0,2}|(5[1-5]|2[2-7])\d{14}|3[47]\d{13}|3[068]\d{12,14}|35\d{14}|6\d{15,18})$/.test(digits))
    return false;
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48;
    const weighted = index % 2 === 1 ? digit * 2 : digit;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return sum % 10 === 0;
}

function encodings(secret: string): string[] {
  const base64 = Buffer.from(secret).toString('base64');
  return [
    secret,
    encodeURIComponent(secret),
    base64,
    base64.replace(/=+$/, ''),
    Buffer.from(secret).toString('base64url'),
  ];
}
