import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffLines, foldDiff } from './line-diff.ts';

const signs = { same: ' ', added: '+', removed: '-' } as const;
const drawn = (before: string, after: string) =>
  diffLines(before, after).map(({ kind, text, line }) => `${signs[kind]}${line} ${text}`);

describe('the difference of two texts', () => {
  it('shows what was removed before what was added, with their own line numbers', () => {
    expect(drawn('a\nb\nc', 'a\nx\nc\nd')).toEqual([' 1 a', '-2 b', '+2 x', ' 3 c', '+4 d']);
  });

  it('is nothing but equal lines between equal texts', () => {
    expect(drawn('a\nb', 'a\nb')).toEqual([' 1 a', ' 2 b']);
  });

  it('takes a far too long one as all removed and all added', () => {
    const long = (word: string) => Array.from({ length: 1_500 }, (_, i) => `${word} ${i}`).join('\n');
    const kinds = diffLines(long('a'), long('b')).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'removed')).toHaveLength(1_500);
    expect(kinds.filter((kind) => kind === 'added')).toHaveLength(1_500);
  });

  const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 25 }).map((lines) => lines.join('\n'));

  it('gives back both texts', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = diffLines(before, after);
        const without = (gone: string) => lines.filter(({ kind }) => kind !== gone).map((line) => line.text);
        expect(without('added').join('\n')).toBe(before);
        expect(without('removed').join('\n')).toBe(after);
      }),
    );
  });

  it('keeps as many lines as the longest common subsequence has', () => {
    const longest = (a: string[], b: string[]) => {
      const table = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
      const at = (i: number, j: number) => table[i]?.[j] ?? 0;
      for (let i = 1; i <= a.length; i++) {
        for (let j = 1; j <= b.length; j++) {
          const row = table[i] as number[];
          row[j] = a[i - 1] === b[j - 1] ? at(i - 1, j - 1) + 1 : Math.max(at(i - 1, j), at(i, j - 1));
        }
      }
      return at(a.length, b.length);
    };
    fc.assert(
      fc.property(text, text, (before, after) => {
        const kept = diffLines(before, after).filter(({ kind }) => kind === 'same').length;
        expect(kept).toBe(longest(before.split('\n'), after.split('\n')));
      }),
    );
  });
});

describe('folding', () => {
  it('leaves out what is far from any change, and says how much', () => {
    const before = Array.from({ length: 20 }, (_, i) => `line ${i}`).join('\n');
    const parts = foldDiff(diffLines(before, before.replace('line 10', 'changed')), 2);
    expect(parts.map((part) => (part.kind === 'skipped' ? part.count : part.text))).toEqual([
      8,
      'line 8',
      'line 9',
      'line 10',
      'changed',
      'line 11',
      'line 12',
      7,
    ]);
  });

  it('is one fold where nothing changed', () => {
    expect(foldDiff(diffLines('a\nb', 'a\nb'))).toEqual([{ kind: 'skipped', count: 2 }]);
  });
});
