/** Roles, from the least to the most. Each may do all that those before it may. */
export const roles = ['viewer', 'responder', 'commander', 'admin'] as const;
export type Role = (typeof roles)[number];

/** What a token reaches: reading or writing, some services or all, some environments or all. */
export interface Scope {
  access: 'read' | 'write';
  services: string[] | 'all';
  environments: string[] | 'all';
}

export const fullScope: Scope = { access: 'write', services: 'all', environments: 'all' };

/** Who acts. `role` is the effective one now: the lesser of a token's and its owner's. */
export type Actor =
  | { kind: 'person'; id: string; name: string; role: Role; scope: Scope }
  | { kind: 'token'; id: string; name: string; ownerId: string; role: Role; scope: Scope }
  | { kind: 'hook'; id: string; name: string }
  | { kind: 'job'; id: string; name: string }
  | { kind: 'setup'; id: string; name: string };

export function roleAtLeast(role: Role, least: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(least);
}

export function lesserRole(a: Role, b: Role): Role {
  return roleAtLeast(a, b) ? b : a;
}

/** Jobs, hooks and first-run set-up act for the system itself and have no role to weigh. */
export function isSystem(actor: Actor): boolean {
  return actor.kind === 'job' || actor.kind === 'hook' || actor.kind === 'setup';
}

/** The person behind an actor, where there is one. */
export function personOf(actor: Actor): string | null {
  if (actor.kind === 'person') return actor.id;
  return actor.kind === 'token' ? actor.ownerId : null;
}

/** Whether the actor's scope reaches an environment and, where given, a service in it. */
export function inScope(actor: Actor, environment: string, service?: string): boolean {
  if (isSystem(actor) || !('scope' in actor)) return true;
  const { environments, services } = actor.scope;
  const environmentFits = environments === 'all' || environments.includes(environment);
  return environmentFits && (service === undefined || services === 'all' || services.includes(service));
}

export function jobActor(name: string): Actor {
  return { kind: 'job', id: name, name };
}
