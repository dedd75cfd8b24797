import { describe, expect, it } from 'vitest';
import { changeOf, changesQuery } from './change-queries.ts';
import type { Fact } from './schemas.ts';

const fact: Fact = {
  id: '0197a000-0000-7000-8000-000000000001',
  environment: 'production',
  kind: 'deploy',
  services: ['payment'],
  startAt: '2026-11-21T13:58:40.000Z',
  endAt: null,
  recordedAt: '2026-11-21T13:58:41.000Z',
  actor: { kind: 'token', id: 't1', name: 'CI' },
  subject: { kind: 'change', id: 'build-1' },
  title: 'payment 4.2.0',
  payload: {},
  source: 'hook',
  supersedes: null,
};

describe('changeOf', () => {
  it('names the person of the payload before the token that reported it', () => {
    expect(changeOf(fact).who).toBe('CI');
    expect(changeOf({ ...fact, payload: { by: 'dana@example.com' } }).who).toBe('dana@example.com');
  });

  it('links only to http and https', () => {
    expect(changeOf({ ...fact, payload: { url: 'https://ci.example.com/1' } }).href).toBe('https://ci.example.com/1');
    expect(changeOf({ ...fact, payload: { url: 'javascript:alert(1)' } }).href).toBeUndefined();
  });
});

describe('changesQuery', () => {
  it('asks the same within a minute, so that a moving range does not ask at each step', () => {
    const at = (toMs: number) =>
      changesQuery({ env: 'production', fromMs: toMs - 3_600_000, toMs, live: true }).queryKey;
    const minute = Date.parse('2026-11-21T14:30:00Z');
    expect(at(minute + 5_000)).toEqual(at(minute + 40_000));
    expect(at(minute + 65_000)).not.toEqual(at(minute + 40_000));
  });
});
