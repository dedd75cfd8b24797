import type { Token } from '#lib/auth/schemas.ts';
import type { Scope } from '#lib/core/actor.ts';

export type TokenState = 'active' | 'expiresSoon' | 'expired' | 'revoked';

const soonMs = 7 * 86_400_000;

/** What a token is worth at `nowMs`. */
export function tokenState(
  { revokedAt, expiresAt }: Pick<Token, 'revokedAt' | 'expiresAt'>,
  nowMs: number,
): TokenState {
  if (revokedAt !== null) return 'revoked';
  if (expiresAt === null) return 'active';
  const leftMs = Date.parse(expiresAt) - nowMs;
  return leftMs <= 0 ? 'expired' : leftMs <= soonMs ? 'expiresSoon' : 'active';
}

const listed = (names: string[] | 'all', what: string) => (names === 'all' ? `all ${what}` : names.join(', '));

/** What a token reaches, in words: `read · payment, order · all environments`. */
export function scopeWords({ access, services, environments }: Scope): string {
  return [access, listed(services, 'services'), listed(environments, 'environments')].join(' · ');
}

export const expiries = [
  { id: '7', label: 'in 7 days', days: 7 },
  { id: '30', label: 'in 30 days', days: 30 },
  { id: '90', label: 'in 90 days', days: 90 },
  { id: '365', label: 'in a year', days: 365 },
  { id: 'at', label: 'at a time…', days: null },
  { id: 'never', label: 'never', days: null },
] as const;
export type Expiry = (typeof expiries)[number]['id'];

/**
 * When a token ends, as the API takes it; null for never. `at` is what a `datetime-local` field holds, in the zone of
 * the browser; undefined when it is not a time.
 */
export function expiryAt(expiry: Expiry, at: string, nowMs: number): string | null | undefined {
  const { days } = expiries.find(({ id }) => id === expiry) as (typeof expiries)[number];
  if (days !== null) return new Date(nowMs + days * 86_400_000).toISOString();
  if (expiry === 'never') return null;
  const ms = Date.parse(at);
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}
