import { type Actor, isSystem, personOf, roleAtLeast, roles } from '#lib/core/actor.ts';
import { Prisma } from '#lib/db/index.ts';

/** The audiences that an actor belongs to. Rooms with private things add theirs to the rule, here. */
export function audiencesOf(actor: Actor): string[] {
  const person = personOf(actor);
  const held = 'role' in actor ? roles.filter((role) => roleAtLeast(actor.role, role)) : [];
  return ['everyone', ...held.map((role) => `role:${role}`), ...(person ? [`person:${person}`] : [])];
}

/**
 * The one predicate of visibility, over a row's `audience` column: lists, counts, search, stream, markers and
 * exports all go through it. What one may not see does not exist.
 */
export function visibleTo(actor: Actor): Prisma.Sql {
  return isSystem(actor) ? Prisma.sql`true` : Prisma.sql`audience = any(${audiencesOf(actor)})`;
}

/** The same rule for a change that was announced. */
export function maySee(actor: Actor, audience: string): boolean {
  return isSystem(actor) || audiencesOf(actor).includes(audience);
}

/** The part of the scope of a token that narrows facts: its environments and services. */
export function withinScope(actor: Actor): Prisma.Sql {
  if (!('scope' in actor)) return Prisma.sql`true`;
  const { environments, services } = actor.scope;
  return Prisma.sql`(${environments === 'all'} or environment = any(${environments === 'all' ? [] : environments}))
    and (${services === 'all'} or services && ${services === 'all' ? [] : services})`;
}

/** The same for what may belong to no environment, such as most of the audit. */
export function withinEnvironments(actor: Actor): Prisma.Sql {
  if (!('scope' in actor) || actor.scope.environments === 'all') return Prisma.sql`true`;
  return Prisma.sql`(environment is null or environment = any(${actor.scope.environments}))`;
}
