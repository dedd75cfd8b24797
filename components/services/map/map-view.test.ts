import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MapView, mapViewParams, parseMapView } from './map-view.ts';

const read = (text: string) => parseMapView(new URLSearchParams(text));
const written = (view: MapView) => {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(mapViewParams(view))) if (value !== null) params.set(name, value);
  return params.toString();
};

describe('the view in the address', () => {
  it('is the whole map where the address says nothing', () => {
    expect(read('')).toEqual({ view: null, focus: null, depth: 1, selected: null, color: 'state' });
    expect(written(read(''))).toBe('');
  });

  it('leaves out what cannot be read', () => {
    const plain = read('');
    for (const text of [
      'view=3d',
      'depth=0',
      'depth=99',
      'depth=1.5',
      'depth=x',
      'call=a',
      'call=%25>b',
      'call=a>b>c',
      'select=',
    ]) {
      expect(read(text), text).toEqual(plain);
    }
  });

  it('comes back as it was written, whatever the names', () => {
    const name = fc.string({ minLength: 1, maxLength: 40 }).filter((text) => text.isWellFormed());
    fc.assert(
      fc.property(
        fc.record({
          view: fc.constantFrom('map' as const, 'table' as const, null),
          focus: name,
          color: fc.constantFrom('state' as const, 'budget' as const),
          depth: fc.constantFrom(1, 3, 5, null),
          selected: fc.oneof(
            fc.constant(null),
            name.map((id) => ({ kind: 'node' as const, id })),
            fc.tuple(name, name).map(([from, to]) => ({ kind: 'edge' as const, from, to })),
          ),
        }),
        (view) => {
          expect(read(written(view))).toEqual(view);
        },
      ),
    );
  });
});
