import fc from 'fast-check';
import { expect, test } from 'vitest';
import { highlight } from './highlight.ts';

const hits = (text: string, words: string[]) =>
  highlight(text, words)
    .filter(({ isHit }) => isHit)
    .map(({ text: hit }) => hit);

test.each([
  ['Charge DECLINED, declined again', ['declined'], ['DECLINED', 'declined']],
  ['a.b a+b (a)', ['a.b', '(a)'], ['a.b', '(a)']],
  ['insufficient funds', ['fund', 'funds'], ['funds']],
  ['a-b', ['-'], ['-']],
  ['nothing', ['zero'], []],
])('%s with %j', (text, words, expected) => expect(hits(text, words)).toEqual(expected));

test('the pieces together are the text', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme' }),
      fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 4 }),
      (text, words) => {
        expect(
          highlight(text, words)
            .map((piece) => piece.text)
            .join(''),
        ).toBe(text);
      },
    ),
  );
});
