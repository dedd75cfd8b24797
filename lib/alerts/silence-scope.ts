import type { SilenceMatcher } from '#lib/adapters/alertmanager/index.ts';
import { type Actor, inScope } from '#lib/core/actor.ts';
import { config } from '#lib/core/config.ts';
import { AppError } from '#lib/core/errors.ts';
import { servicesOf, valuesOf } from './silence-rules.ts';

/** What matchers are about, for facts and for the scope of tokens. */
export function subjectOf(matchers: readonly SilenceMatcher[]): {
  environments: string[] | null;
  services: string[] | null;
} {
  return { environments: valuesOf(matchers, config().QD_ENVIRONMENT_LABEL), services: servicesOf(matchers) };
}

/** Whether whatever the matchers match stays inside the scope of the actor. */
export function staysInside(actor: Actor, matchers: readonly SilenceMatcher[]): boolean {
  if (!('scope' in actor)) return true;
  const { environments, services } = subjectOf(matchers);
  const { scope } = actor;
  if (scope.environments !== 'all' && !environments?.every((environment) => inScope(actor, environment))) return false;
  const allowed = scope.services;
  return allowed === 'all' || (services?.every((service) => allowed.includes(service)) ?? false);
}

/** Throws unless the matchers stay inside the scope of the actor. */
export function requireInside(actor: Actor, matchers: readonly SilenceMatcher[]): void {
  if (staysInside(actor, matchers)) return;
  const { environments, services } = 'scope' in actor ? actor.scope : { environments: 'all', services: 'all' };
  const parts = [
    ...(environments === 'all' ? [] : [`${config().QD_ENVIRONMENT_LABEL} by ${[environments].flat().join(', ')}`]),
    ...(services === 'all' ? [] : [`service by ${[services].flat().join(', ')}`]),
  ];
  throw new AppError(
    'auth.scope_too_narrow',
    `This token reaches less than these matchers: they must name ${parts.join(' and ')}.`,
  );
}
