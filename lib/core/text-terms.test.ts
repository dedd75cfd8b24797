import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { textTerms, writeTextTerm } from './text-terms.ts';

describe('the parts of a text that is searched for', () => {
  test.each([
    ['', []],
    ['   ', []],
    ['declined', ['declined']],
    ['  card  declined ', ['card', 'declined']],
    ['card card', ['card']],
    ['"insufficient funds" card', ['insufficient funds', 'card']],
    ['"never closed', ['never closed']],
    ['"ends in a backslash\\', ['ends in a backslash']],
    ['""', []],
    ['" "', []],
    ['a"b c"d', ['a', 'b c', 'd']],
    ['"say \\"hi\\" \\\\ now"', ['say "hi" \\ now']],
    ['back\\slash', ['back\\slash']],
    ['two\nlines', ['two', 'lines']],
  ])('%j', (text, terms) => {
    expect(textTerms(text)).toEqual(terms);
  });

  test('what was written is read back', () => {
    const term = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => text.trim() !== '');
    fc.assert(
      fc.property(fc.uniqueArray(term, { maxLength: 5 }), (terms) => {
        expect(textTerms(terms.map(writeTextTerm).join(' '))).toEqual(terms);
      }),
    );
  });

  test('no text makes it fail', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => textTerms(text).every((term) => term.trim() !== '')),
    );
  });
});
