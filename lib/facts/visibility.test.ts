import { describe, expect, test } from 'vitest';
import { type Actor, fullScope, jobActor } from '#lib/core/actor.ts';
import { audiencesOf, maySee, visibleTo, withinEnvironments, withinScope } from './visibility.ts';

const person: Actor = { kind: 'person', id: 'ada', name: 'Ada', role: 'commander', scope: fullScope };
const token: Actor = { ...person, kind: 'token', id: 't1', ownerId: 'ada', role: 'responder' };

describe('the audiences of', () => {
  test('a person are everyone, each role up to theirs, and themselves', () => {
    expect(audiencesOf(person)).toEqual(['everyone', 'role:viewer', 'role:responder', 'role:commander', 'person:ada']);
  });

  test('a token are those of its own role, and of its owner', () => {
    expect(audiencesOf(token)).toEqual(['everyone', 'role:viewer', 'role:responder', 'person:ada']);
  });
});

describe('what was announced', () => {
  test.each([
    ['everyone', true],
    ['role:viewer', true],
    ['role:commander', true],
    ['role:admin', false],
    ['person:ada', true],
    ['person:bob', false],
    ['incident:1', false],
    ['', false],
  ])('to %j is seen by a commander: %s', (audience, seen) => {
    expect(maySee(person, audience)).toBe(seen);
  });

  test('is all seen by the system', () => {
    expect(maySee(jobActor('x'), 'incident:1')).toBe(true);
  });
});

test('the predicate of visibility carries the audiences as values, never as SQL', () => {
  const mean: Actor = { ...person, id: "x' or true --" };
  expect(visibleTo(mean).sql).not.toContain('or true');
  expect(visibleTo(mean).values.flat()).toContain("person:x' or true --");
  expect(visibleTo(jobActor('x')).sql).toBe('true');
});

test('so does the predicate of scope', () => {
  const mean = "x'); drop table fact; --";
  const narrow: Actor = { ...token, scope: { access: 'read', services: [mean], environments: [mean] } };
  for (const predicate of [withinScope(narrow), withinEnvironments(narrow)]) {
    expect(predicate.sql).not.toContain('drop');
    expect(predicate.values.flat()).toContain(mean);
  }
  expect(withinEnvironments(person).sql).toBe('true');
  expect(withinScope(jobActor('x')).sql).toBe('true');
});
