import { describe, expect, test } from 'vitest';
import { asyncSpansOf } from './async-rules.ts';
import { spanKinds } from './schemas.ts';
import { treeOf } from './tree-rules.ts';

type Row = [parent: number, kind: (typeof spanKinds)[number], startMs: number, lengthMs: number];

function asyncOf(rows: Row[]): number[] {
  const parent = rows.map(([above]) => above);
  const tree = treeOf({ parent, status: rows.map(() => 0) });
  const kind = rows.map(([, name]) => spanKinds.indexOf(name));
  const offset = rows.map(([, , start]) => start * 1e6);
  const duration = rows.map(([, , , length]) => length * 1e6);
  return [...asyncSpansOf({ offset, duration, kind }, tree)];
}

describe('asynchronous spans', () => {
  test('are none where every parent waits', () => {
    expect(
      asyncOf([
        [-1, 'server', 0, 100],
        [0, 'client', 10, 50],
        [1, 'server', 15, 40],
      ]),
    ).toEqual([0, 0, 0]);
  });

  test('are those that end after their parent, with all below', () => {
    expect(
      asyncOf([
        [-1, 'server', 0, 100],
        [0, 'internal', 50, 300],
        [1, 'client', 60, 10],
        [0, 'internal', 60, 10],
      ]),
    ).toEqual([0, 1, 1, 0]);
  });

  test('are consumers and what a producer sent, though they end in time', () => {
    expect(
      asyncOf([
        [-1, 'server', 0, 100],
        [0, 'producer', 10, 5],
        [1, 'server', 12, 2],
        [0, 'consumer', 20, 5],
      ]),
    ).toEqual([0, 0, 1, 1]);
  });

  test('are not told from clocks that are a little off', () => {
    expect(
      asyncOf([
        [-1, 'server', 0, 1_000],
        [0, 'internal', 500, 500.9],
        [0, 'internal', 500, 502],
      ]),
    ).toEqual([0, 0, 1]);
  });

  test('are not servers that end a little after their client, but those that it gave up on', () => {
    expect(
      asyncOf([
        [-1, 'client', 0, 100],
        [0, 'server', 1, 103],
        [0, 'server', 1, 900],
      ]),
    ).toEqual([0, 0, 1]);
  });

  test('a root is waited for, an empty trace has none', () => {
    expect(asyncOf([[-1, 'consumer', 0, 5]])).toEqual([0]);
    expect(asyncOf([])).toEqual([]);
  });
});
