import type { Attributes } from '#lib/adapters/otlp/attributes.ts';

const mayRound = /\d{16}/;

/** Parses JSON of Postgres; whole numbers that a double cannot hold become strings. */
export function parseExact(text: string): unknown {
  if (!mayRound.test(text)) return JSON.parse(text);
  return JSON.parse(text, function exact(_key, value, context?: { source?: string }) {
    if (typeof value !== 'number' || Number.isSafeInteger(value) || !context?.source) return value;
    return /^-?\d+$/.test(context.source) ? context.source : value;
  });
}

export function parseAttributes(text: string | null): Attributes {
  const value = text === null ? {} : parseExact(text);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Attributes) : {};
}
