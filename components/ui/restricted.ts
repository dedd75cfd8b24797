import { type Role, roles } from '#lib/core/actor.ts';
import { ApiError } from '#lib/core/fetch-json.ts';
import type { PanelState } from './panel-state.ts';

const article = (role: Role) => `${role === 'admin' ? 'an' : 'a'} ${role}`;

/** Who may: `an admin`, `a commander or an admin`. */
export function whoMay(least: Role): string {
  const able = roles.slice(roles.indexOf(least)).map(article);
  return able.length === 1 ? (able[0] as string) : `${able.slice(0, -1).join(', ')} or ${able.at(-1)}`;
}

/** The state of a panel whose answer was refused; null when it was not. `what` is in the singular: `The audit`. */
export function restricted(
  error: unknown,
  { what, least, role }: { what: string; least: Role; role: Role },
): PanelState | null {
  if (!(error instanceof ApiError) || error.status !== 403) return null;
  return {
    kind: 'notPermitted',
    title: `You are ${article(role)}`,
    hint: `${what} needs ${whoMay(least)}. The refusal is recorded.`,
  };
}

/** What was refused is not asked for again by itself, on a look or a reconnection: every refusal is a record. */
export const onceRefused = {
  enabled: ({ state }: { state: { error: unknown } }) => !isRefused(state.error),
};

function isRefused(error: unknown): boolean {
  return error instanceof ApiError && error.status === 403;
}
