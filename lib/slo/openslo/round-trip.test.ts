import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileIndicator } from '../indicator.ts';
import { sloDefinition } from '../schemas.ts';
import { readOpenSlo, writeOpenSlo } from './index.ts';
import { definitions } from './testing/definitions.ts';

const options = { defaultEnvironment: 'nowhere' };
const source = { environmentLabel: 'env', defaultEnvironment: 'production' };

describe('OpenSLO out and in', { timeout: 30_000 }, () => {
  test('gives the same definition, and the same text again', () => {
    fc.assert(
      fc.property(definitions, (definition) => {
        const text = writeOpenSlo(definition);
        const { slos, problems } = readOpenSlo(text, options);
        expect(problems).toEqual([]);
        expect(slos).toEqual([{ definition, source: expect.any(String), line: 1, places: expect.anything() }]);
        expect(writeOpenSlo(slos[0]?.definition as never)).toBe(text);
        expect(sloDefinition.parse(definition)).toEqual(definition);
      }),
      { numRuns: 100 },
    );
  });

  test('gives for each SLO of a file a source that stands by itself', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(definitions, { minLength: 2, maxLength: 4, selector: ({ name }) => name }),
        (several) => {
          const { slos, problems } = readOpenSlo(several.map(writeOpenSlo).join('---\n'), options);
          expect(problems).toEqual([]);
          expect(slos.map(({ definition }) => definition)).toEqual(several);
          for (const { definition, source: own } of slos) {
            expect(readOpenSlo(own, options).slos.map((slo) => slo.definition)).toEqual([definition]);
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  test('whatever is read can be compiled', () => {
    fc.assert(
      fc.property(definitions, (definition) => {
        const { badRate, totalRate, selectors } = compileIndicator(definition, source);
        expect(badRate(300_000)).toContain('m_');
        expect(totalRate(300_000)).toContain('m_');
        expect(selectors.length).toBeGreaterThan(0);
      }),
      { numRuns: 100 },
    );
  });

  test('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), hostile), (text) => {
        const { slos, problems } = readOpenSlo(text, options);
        expect(slos.length + problems.length).toBeGreaterThan(0);
      }),
      { numRuns: 150 },
    );
  });
});

/** A good document with some of its characters changed. */
const hostile = fc
  .tuple(definitions, fc.array(fc.tuple(fc.nat(), fc.string({ maxLength: 3 })), { minLength: 1, maxLength: 8 }))
  .map(([definition, edits]) =>
    edits.reduce((text, [at, put]) => {
      const place = at % text.length;
      return text.slice(0, place) + put + text.slice(place + put.length);
    }, writeOpenSlo(definition)),
  );
