import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatMatchers,
  fromOperator,
  matcherProblem,
  matchersOfLabels,
  matches,
  matchesEverything,
  operatorOf,
  operators,
  parseMatchers,
} from './matchers.ts';

const is = (name: string, operator: (typeof operators)[number], value: string) => ({
  name,
  value,
  ...fromOperator(operator),
});

describe('matchers as text', () => {
  it('are written as amtool takes them', () => {
    expect(formatMatchers([is('alertname', '=', 'Disk "x"\n'), is('instance', '!~', 'db-.*')])).toBe(
      'alertname="Disk \\"x\\"\\n",instance!~"db-.*"',
    );
  });

  it('are read back as they were, whatever is in them', () => {
    const matcher = fc.record({
      name: fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,20}$/),
      value: fc.string({ unit: 'grapheme' }),
      isRegex: fc.boolean(),
      isEqual: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(matcher, { minLength: 1, maxLength: 5 }), (matchers) => {
        expect(parseMatchers(formatMatchers(matchers))).toEqual(matchers);
      }),
    );
  });

  it('may stand in braces and without quotes', () => {
    expect(parseMatchers('{a=b, c!="d"}')).toEqual([is('a', '=', 'b'), is('c', '!=', 'd')]);
  });

  it.each(['', '{}', 'a', 'a="b', '="b"', 'a="b" c="d"', 'a=b,=c'])('refuses %j', (text) => {
    expect(parseMatchers(text)).toBeNull();
  });

  it('never throws on garbage', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseMatchers(text)));
  });
});

describe('matches', () => {
  const labels = { alertname: 'Disk', instance: 'db-1' };

  it('takes the whole value, and an absent label for an empty one', () => {
    expect(matches([is('alertname', '=', 'Disk'), is('instance', '=~', 'db')], labels)).toBe(false);
    expect(matches([is('alertname', '=', 'Disk'), is('instance', '=~', 'db-.|x')], labels)).toBe(true);
    expect(matches([is('zone', '=', '')], labels)).toBe(true);
    expect(matches([is('zone', '!=', 'eu')], labels)).toBe(true);
    expect(matches([is('instance', '!~', 'db-.*')], labels)).toBe(false);
  });

  it('takes an expression that is none for no match', () => {
    expect(matches([is('instance', '=~', '(')], labels)).toBe(false);
    expect(matcherProblem(is('instance', '=~', '('))).toContain('regular expression');
  });
});

describe('what a silence begins with', () => {
  it('names the alert first and leaves out its windows, not its severity', () => {
    const found = matchersOfLabels({
      service: 'payment',
      alertname: 'SLOBurnRate',
      severity: 'page',
      long_window: '1h',
    });
    expect(formatMatchers(found)).toBe('alertname="SLOBurnRate",service="payment",severity="page"');
  });

  it('is noticed when it would quiet everything', () => {
    expect(matchesEverything([is('alertname', '=~', '.*')])).toBe(true);
    expect(matchesEverything([is('alertname', '=~', '.+')])).toBe(false);
    expect(matchesEverything([])).toBe(false);
  });
});

it('signs and their meaning go together', () => {
  for (const operator of operators) expect(operatorOf(fromOperator(operator))).toBe(operator);
});

it('a matcher needs the name of a label', () => {
  expect(matcherProblem(is(' ', '=', ''))).toBe('must name a label');
  expect(matcherProblem(is('a b', '=', ''))).toContain('not the name');
  expect(matcherProblem(is('a', '=', ''))).toBeNull();
});
