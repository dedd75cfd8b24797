import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJsonOf } from './canonical-json.ts';

describe('canonical JSON', () => {
  test('is that of RFC 8785, section 3.2.2 and 3.2.3', () => {
    const numbers = JSON.parse('[333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001]');
    const value = { numbers, string: '\u20ac$\u000f\nA\'B"\\\\"/', literals: [null, true, false] };
    expect(canonicalJsonOf(value)).toBe(
      `{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA'B\\"\\\\\\\\\\"/"}`,
    );
    const keys = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew',
      '1': 'One',
      '\ud83d\ude00': 'Smiley',
      '\u0080': 'Control',
      '\u00f6': 'o',
    };
    expect(Object.values(JSON.parse(canonicalJsonOf(keys)))).toHaveLength(7);
    const order = [...canonicalJsonOf(keys).matchAll(/":"(.*?)"/g)].map(([, name]) => name);
    expect(order).toEqual(['Carriage Return', 'One', 'Control', 'o', 'Euro Sign', 'Smiley', 'Hebrew']);
  });

  test('sorts names that are numbers as texts', () => {
    expect(canonicalJsonOf({ 9: 'a', 10: 'b', '': 'c' })).toBe('{"":"c","10":"b","9":"a"}');
  });

  test('knows no numbers but those of JSON', () => {
    expect(() => canonicalJsonOf([Number.NaN])).toThrow(TypeError);
    expect(() => canonicalJsonOf({ a: Number.POSITIVE_INFINITY })).toThrow(TypeError);
  });

  test('means the same as the value, whatever order its members have', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJsonOf(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJsonOf(JSON.parse(text))).toBe(text);
      }),
    );
    expect(canonicalJsonOf({ b: 1, a: undefined, c: [undefined] })).toBe('{"b":1,"c":[null]}');
  });
});
