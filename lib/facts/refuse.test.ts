import { describe, expect, test } from 'vitest';
import { type Actor, fullScope, jobActor, type Role, roles } from '#lib/core/actor.ts';
import type { Verb } from '#lib/core/define-verb.ts';
import { refuse, requireEveryService, requireScope } from './perform.ts';

const kinds = ['person', 'token that writes', 'token that reads'] as const;
const levels = ['anyone', ...roles] as const;

function actorOf(kind: (typeof kinds)[number], role: Role): Actor {
  if (kind === 'person') return { kind, id: 'p', name: 'P', role, scope: fullScope };
  const access = kind === 'token that writes' ? 'write' : 'read';
  return { kind: 'token', id: 't', name: 'T', ownerId: 'p', role, scope: { ...fullScope, access } };
}

/** The rule, said once more and otherwise: what a table of all cases is held against. */
function expected(kind: (typeof kinds)[number], role: Role, verb: Verb): string | null {
  if (verb.role === 'anyone') return null;
  if (verb.peopleOnly && kind !== 'person') return 'auth.token_cannot';
  if (levels.indexOf(role) < levels.indexOf(verb.role)) return 'auth.role_too_low';
  return verb.changes && kind === 'token that reads' ? 'auth.scope_too_narrow' : null;
}

const cases = levels.flatMap((role) =>
  [true, false].flatMap((changes) =>
    [true, false].map((peopleOnly): Verb => ({ id: 'x.y', title: 'Do it', role, changes, peopleOnly })),
  ),
);

describe('who may do what', () => {
  test.each(cases)('a verb for $role, changes: $changes, for people only: $peopleOnly', (verb) => {
    for (const kind of kinds) {
      for (const role of roles) {
        const refusal = refuse(actorOf(kind, role), verb);
        expect([kind, role, refusal?.code ?? null]).toEqual([kind, role, expected(kind, role, verb)]);
        if (refusal) expect(refusal.status).toBe(403);
      }
    }
  });

  test('the system itself may do everything', () => {
    const verb: Verb = { id: 'x.y', title: 'Do it', role: 'admin', changes: true, peopleOnly: true };
    const system: Actor[] = [
      jobActor('j'),
      { kind: 'hook', id: 'h', name: 'H' },
      { kind: 'setup', id: 's', name: 'S' },
    ];
    expect(system.map((actor) => refuse(actor, verb))).toEqual([null, null, null]);
  });

  test('a refusal says what is needed and what one has', () => {
    const verb: Verb = { id: 'x.y', title: 'Do it', role: 'commander', changes: true };
    expect(refuse(actorOf('person', 'viewer'), verb)?.detail).toBe(
      '“Do it” needs the role commander; yours is viewer.',
    );
  });
});

describe('the scope of a token', () => {
  const scoped = (services: string[] | 'all', environments: string[] | 'all'): Actor => ({
    ...(actorOf('token that writes', 'admin') as Extract<Actor, { kind: 'token' }>),
    scope: { access: 'write', services, environments },
  });

  test.each<[Actor, string, string[], RegExp | null]>([
    [scoped('all', 'all'), 'production', ['payment'], null],
    [scoped(['payment'], 'all'), 'production', ['payment'], null],
    [scoped(['payment'], 'all'), 'production', ['payment', 'order'], /does not reach order in production/],
    [scoped('all', ['staging']), 'production', ['payment'], /payment in production/],
    [scoped('all', ['staging']), 'production', [], /does not reach production/],
    [scoped(['payment'], ['staging']), 'staging', [], null],
    [jobActor('x'), 'production', ['payment'], null],
  ])('%#', (actor, environment, services, message) => {
    const weigh = () => requireScope(actor, { environment, services });
    if (message) expect(weigh).toThrow(message);
    else expect(weigh).not.toThrow();
  });

  test('that names services does not reach what is about all of them', () => {
    const weigh = (actor: Actor | null) => () => requireEveryService({ actor } as never);
    expect(weigh(scoped(['payment'], 'all'))).toThrow(/reaches only payment/);
    expect(weigh(scoped('all', ['staging']))).not.toThrow();
    expect(weigh(actorOf('person', 'viewer'))).not.toThrow();
    expect(weigh(null)).not.toThrow();
  });
});
