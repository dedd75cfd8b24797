import { describe, expect, it } from 'vitest';
import { keyName, matchShortcut, printKeys } from './shortcuts.ts';

const bindings = [
  { id: 'overview', keys: 'g o' },
  { id: 'services', keys: 'g s' },
  { id: 'help', keys: '?' },
  { id: 'palette', keys: 'mod+k' },
  { id: 'search', keys: 's' },
];
const plain = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };

describe('shortcuts', () => {
  it('wait for the second key of a sequence', () => {
    expect(matchShortcut(bindings, [], 'g')).toEqual({ kind: 'pending', keys: ['g'] });
    expect(matchShortcut(bindings, ['g'], 's')).toEqual({ kind: 'hit', id: 'services' });
  });
  it('begin again when a sequence leads nowhere', () => {
    expect(matchShortcut(bindings, ['g'], '?')).toEqual({ kind: 'hit', id: 'help' });
    expect(matchShortcut(bindings, ['g'], 'g')).toEqual({ kind: 'pending', keys: ['g'] });
    expect(matchShortcut(bindings, ['g'], 'x')).toEqual({ kind: 'none' });
  });
  it('know ⌘ and Ctrl as one, and a shifted letter by what it types', () => {
    expect(keyName({ ...plain, key: 'K', metaKey: true })).toBe('mod+k');
    expect(keyName({ ...plain, key: 'k', ctrlKey: true })).toBe('mod+k');
    expect(keyName({ ...plain, key: '?', shiftKey: true })).toBe('?');
    expect(keyName({ ...plain, key: 'Escape' })).toBe('Escape');
  });
  it('do not take a plain letter for one with a modifier', () => {
    expect(matchShortcut(bindings, [], 'mod+s')).toEqual({ kind: 'none' });
  });
  it('are printed for the keyboard at hand', () => {
    expect(printKeys('mod+k', true)).toEqual(['⌘K']);
    expect(printKeys('mod+k', false)).toEqual(['Ctrl K']);
    expect(printKeys('g s', false)).toEqual(['g', 's']);
  });
});
