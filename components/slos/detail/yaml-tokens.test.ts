import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { yamlTokens } from './yaml-tokens.ts';

const marked = (line: string) =>
  yamlTokens(line)
    .filter(({ kind }) => kind !== 'plain')
    .map(({ kind, text }) => `${kind} ${text}`);

describe('the parts of a line of YAML', () => {
  it.each([
    ['apiVersion: openslo/v1', ['key apiVersion']],
    ['  - name: "a # b" # why', ['key name', 'string "a # b"', 'comment # why']],
    ['# all of it', ['comment # all of it']],
    ['  "quoted key": 1', ['key "quoted key"']],
    ['    expr: sum(rate(x{a="b"}[5m]))', ['key expr']],
    ['      http://a.example:80/x', []],
    ['', []],
  ])('of %j are %o', (line, parts) => expect(marked(line)).toEqual(parts));

  it('are always the whole line', () => {
    const line = fc.string({ unit: fc.constantFrom(...'ab:#"\'- {}') });
    fc.assert(
      fc.property(line, (text) => {
        const joined = yamlTokens(text).map((token) => token.text);
        expect(joined.join('')).toBe(text);
      }),
    );
  });
});
