import { describe, expect, test } from 'vitest';
import { sloDefinition } from '#lib/slo/schemas.ts';
import {
  blankDefinition,
  freeName,
  indicatorAs,
  nameFrom,
  problemAt,
  readPercent,
  readWhole,
  writePercent,
} from './form-values.ts';

describe('fields of the form', () => {
  test.each([
    ['99.95', 0.9995],
    [' 99,9 % ', 0.999],
    ['100', null],
    ['0', null],
    ['', null],
    ['many', null],
  ])('read %j as the objective %s', (text, expected) => expect(readPercent(text)).toBe(expected));

  test('write an objective without the noise of fractions', () => {
    for (const target of [0.9995, 0.99, 0.99999, 0.07]) {
      expect(readPercent(writePercent(target))).toBe(target);
    }
    expect(writePercent(0.9995)).toBe('99.95');
  });

  test('take whole numbers within bounds only', () => {
    const days = readWhole(1, 90);
    expect([days('30'), days('0'), days('91'), days('1.5'), days('')]).toEqual([30, null, null, null, null]);
  });

  test('make a name for an address of any words', () => {
    expect(nameFrom('Zahlung läuft & läuft!')).toBe('zahlung-la-uft-la-uft');
    expect(nameFrom('x'.repeat(80))).toHaveLength(63);
  });

  test('give a name that is not taken', () => {
    expect(freeName('a', new Set())).toBe('a');
    expect(freeName('a', new Set(['a', 'a-2']))).toBe('a-3');
    expect(freeName('x'.repeat(63), new Set(['x'.repeat(63)]))).toBe(`${'x'.repeat(61)}-2`);
  });

  test('keep the query when the kind of indicator changes', () => {
    const ratio = blankDefinition('production', 'shop').indicator;
    const raw = indicatorAs('raw', ratio);
    expect(raw).toMatchObject({ kind: 'raw', query: 'sum(http_requests_total{service="shop"})' });
    expect(indicatorAs('raw', raw)).toBe(raw);
  });

  test('begin with what the schema takes', () => {
    expect(sloDefinition.safeParse(blankDefinition('production', 'shop')).success).toBe(true);
  });

  test('show an error at its field and no warning as one', () => {
    const problem = { code: 'slo.x', line: 1, column: 1, message: 'm' };
    const problems = [
      { ...problem, level: 'warning' as const, path: 'metadata.name' },
      { ...problem, level: 'error' as const, path: 'spec.objectives[0].target' },
    ];
    expect(problemAt(problems, 'metadata.name')).toBeNull();
    expect(problemAt(problems, 'spec.objectives')).toBe('m');
  });
});
