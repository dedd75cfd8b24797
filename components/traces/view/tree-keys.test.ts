import { describe, expect, test } from 'vitest';
import { pageRows, treeMove } from './tree-keys.ts';

const row = { index: 5, count: 100, expanded: undefined, parent: 2 } as const;

describe('keys in the tree of spans', () => {
  test('go through the rows and stop at the ends', () => {
    expect(treeMove('ArrowDown', row)).toEqual({ kind: 'go', index: 6 });
    expect(treeMove('k', row)).toEqual({ kind: 'go', index: 4 });
    expect(treeMove('ArrowUp', { ...row, index: 0 })).toEqual({ kind: 'go', index: 0 });
    expect(treeMove('PageDown', row)).toEqual({ kind: 'go', index: 5 + pageRows });
    expect(treeMove('PageDown', { ...row, index: 95 })).toEqual({ kind: 'go', index: 99 });
    expect(treeMove('Home', row)).toEqual({ kind: 'go', index: 0 });
    expect(treeMove('End', row)).toEqual({ kind: 'go', index: 99 });
  });

  test('right opens, then goes to the first child; on a leaf it does nothing', () => {
    expect(treeMove('ArrowRight', { ...row, expanded: false })).toEqual({ kind: 'toggle' });
    expect(treeMove('ArrowRight', { ...row, expanded: true })).toEqual({ kind: 'go', index: 6 });
    expect(treeMove('ArrowRight', row)).toBeNull();
  });

  test('left closes, then goes to the parent; on a root it does nothing', () => {
    expect(treeMove('ArrowLeft', { ...row, expanded: true })).toEqual({ kind: 'toggle' });
    expect(treeMove('ArrowLeft', { ...row, expanded: false })).toEqual({ kind: 'go', index: 2 });
    expect(treeMove('ArrowLeft', { ...row, parent: -1 })).toBeNull();
  });

  test('Enter opens the detail, space opens and closes; other keys are left alone', () => {
    expect(treeMove('Enter', row)).toEqual({ kind: 'open' });
    expect(treeMove(' ', row)).toBeNull();
    expect(treeMove(' ', { ...row, expanded: true })).toEqual({ kind: 'toggle' });
    expect(treeMove('e', row)).toBeNull();
    expect(treeMove('End', { ...row, count: 0 })).toBeNull();
  });
});
