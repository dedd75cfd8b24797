import { describe, expect, it } from 'vitest';
import type { Source } from '#lib/catalog/source-schemas.ts';
import { byWhatHurts, partSign, sourceSign } from './source-words.ts';

const source = (id: string, state: Source['state'], required = false): Source => ({
  id,
  name: id,
  kind: 'x',
  usedFor: '',
  url: null,
  setting: 'X_URL',
  required,
  state,
  version: null,
  latencyMs: null,
  checkedAt: null,
  lastSuccessAt: null,
  failingSince: null,
  lastError: null,
});

describe('sources', () => {
  it('come with the worst first, and keep their order else', () => {
    const ids = [
      source('a', 'ok'),
      source('b', 'absent'),
      source('c', 'failing'),
      source('d', 'absent', true),
      source('e', 'late'),
      source('f', 'ok'),
    ]
      .sort(byWhatHurts)
      .map(({ id }) => id);
    expect(ids).toEqual(['c', 'd', 'e', 'a', 'f', 'b']);
  });
  it('that are required and not configured are failing, the others are not', () => {
    expect(sourceSign({ state: 'absent', required: true }).status).toBe('failing');
    expect(sourceSign({ state: 'absent', required: false }).status).toBe('idle');
  });
});

describe('parts', () => {
  it.each([
    ['running', 'ok'],
    ['restarting', 'slow'],
    ['failed', 'failing'],
    ['unknown', 'nodata'],
  ] as const)('%s → %s', (state, status) => expect(partSign({ state }).status).toBe(status));
});
