import { describe, expect, it } from 'vitest';
import { layoutMarkers, type Marker } from './markers.ts';

const marker = (id: string, kind: string, startAt: number, endAt?: number): Marker => ({
  id,
  kind,
  startAt,
  endAt,
  title: id,
});

describe('layoutMarkers', () => {
  it('puts points at their share of the width', () => {
    const { groups } = layoutMarkers([marker('b', 'alert', 75), marker('a', 'deploy', 25)], 0, 100, 1000);
    expect(groups.map((g) => [g.at, g.markers[0]?.id])).toEqual([
      [0.25, 'a'],
      [0.75, 'b'],
    ]);
  });
  it('joins points that would touch, and only those', () => {
    const { groups } = layoutMarkers(
      [marker('a', 'deploy', 50), marker('b', 'config', 50.5), marker('c', 'alert', 53)],
      0,
      100,
      1000,
    );
    expect(groups.map((g) => g.markers.map((m) => m.id))).toEqual([['a', 'b'], ['c']]);
  });
  it('leaves out what lies outside', () => {
    const { groups, bands } = layoutMarkers(
      [marker('early', 'deploy', -1), marker('late', 'deploy', 101), marker('gone', 'fault', -20, -10)],
      0,
      100,
      1000,
    );
    expect([groups, bands]).toEqual([[], []]);
  });
  it('clips intervals and lets open ones reach the end', () => {
    const { bands } = layoutMarkers([marker('f', 'fault', -10, 20), marker('i', 'incident', 60)], 0, 100, 1000);
    expect(bands.map(({ shape, from, to }) => [shape, from, to])).toEqual([
      ['hatched', 0, 0.2],
      ['tinted', 0.6, 1],
    ]);
  });
  it('gives overlapping intervals rows of their own', () => {
    const { bands } = layoutMarkers(
      [marker('a', 'fault', 0, 50), marker('b', 'fault', 10, 30), marker('c', 'fault', 60, 70)],
      0,
      100,
      1000,
    );
    expect(bands.map((b) => b.row)).toEqual([0, 1, 0]);
  });
  it('reads instants in words, draws unknown kinds as notes, and drops what has no time', () => {
    const { groups } = layoutMarkers(
      [{ ...marker('x', 'other', 0), startAt: '1970-01-01T00:00:00.050Z' }, marker('y', 'deploy', Number.NaN)],
      0,
      100,
      100,
    );
    expect(groups).toHaveLength(1);
    expect(groups[0]?.at).toBe(0.5);
  });
});
