import { describe, expect, test } from 'vitest';
import { boundSpellings } from './indicator/narrow.ts';
import { compileIndicator } from './indicator.ts';
import type { Indicator, SloDefinition } from './schemas.ts';

const source = { environmentLabel: 'env', defaultEnvironment: 'production' };
const compile = (
  indicator: Indicator,
  budgeting: SloDefinition['budgeting'] = { method: 'occurrences' },
  environment = 'eu',
) => compileIndicator({ environment, indicator, budgeting }, source);
const bad = (part: string, total: string, environment = 'eu') =>
  compile({ kind: 'ratio', counter: true, good: null, bad: part, total }, undefined, environment);
const good = (part: string, total: string) => compile({ kind: 'ratio', counter: true, good: part, bad: null, total });

describe('counters', () => {
  test('become sums of rates, filled with 0 where their label is on the total', () => {
    const compiled = bad('sum(a{code=~"5.."})', 'sum(a)');
    expect(compiled.kind).toBe('events');
    expect(compiled.totalRate(300_000)).toBe('sum(rate(a{env="eu"}[300s]))');
    expect(compiled.badRate(300_000)).toBe(
      '(sum(rate(a{code=~"5..",env="eu"}[300s])) or sum(rate(a{env="eu",code!=""}[300s])) * 0)',
    );
    expect(compiled.atoms).toEqual([
      {
        role: 'bad',
        sign: 1,
        term: 0,
        selector: 'a{code=~"5..",env="eu"}',
        evidence: ['a{env="eu",code!=""}'],
        mustBeVouchedFor: false,
      },
      { role: 'total', sign: 1, term: 0, selector: 'a{env="eu"}', evidence: [], mustBeVouchedFor: false },
    ]);
    expect(compiled.metricNames).toEqual(['a']);
    expect(compiled.selectors).toEqual(['a{code=~"5..",env="eu"}', 'a{env="eu"}']);
  });

  test.each<[string, string, string, string[]]>([
    [
      'labels that the total has as well are no evidence',
      'a{job="x",code="500"}',
      'a{job="x"}',
      ['a{job="x",env="eu",code!=""}'],
    ],
    [
      'a wider total keeps its own matchers',
      'a{job="x",code="500"}',
      'a{job=~"x|y"}',
      ['a{job=~"x|y",env="eu",job!="",code!=""}'],
    ],
    [
      'each summand of the total may vouch',
      'a{code="500"}',
      'a{z="1"} + a{z="2"}',
      ['a{z="1",env="eu",code!=""}', 'a{z="2",env="eu",code!=""}'],
    ],
    [
      'another metric vouches for itself where a label is open',
      'failed{kind=~"5.."}',
      'a',
      ['failed{env="eu",kind!=""}'],
    ],
    ['another metric with one value has nothing that vouches', 'failed{kind="5"}', 'a', []],
    ['another metric without labels has nothing that vouches', 'failed', 'a', []],
    ['a bucket is there or not, whatever its bound', 'h_bucket{le="0.5"}', 'h_count', []],
    [
      'the bound is kept where another label tells apart',
      'h_bucket{le="0.5",code="500"}',
      'h_count{le=""}',
      ['h_bucket{env="eu",le="0.5",code!=""}'],
    ],
  ])('%s', (_, part, total, evidence) => {
    expect(bad(part, total).atoms?.find(({ role }) => role === 'bad')?.evidence).toEqual(evidence);
  });

  test('of good give bad as the rest, never below 0', () => {
    expect(good('h_bucket{le="0.5"}', 'h_count').badRate(60_000)).toBe(
      'clamp_min(sum(rate(h_count{env="eu"}[60s])) - sum(rate(h_bucket{le="0.5",env="eu"}[60s])), 0)',
    );
    expect(bad('a - b', 'a').badRate(60_000)).toMatch(/^clamp_min\(sum\(rate\(a\{.*\) - sum\(rate\(b\{.*, 0\)$/);
  });

  test('that would take everything for good once a label is renamed must be vouched for', () => {
    const guarded = (compiled: ReturnType<typeof bad>) =>
      compiled.atoms?.filter(({ mustBeVouchedFor }) => mustBeVouchedFor).map(({ selector }) => selector);
    expect(guarded(good('a{code!~"5.."}', 'a'))).toEqual(['a{code!~"5..",env="eu"}']);
    expect(guarded(bad('a - a{code!~"5.."}', 'a'))).toEqual(['a{code!~"5..",env="eu"}']);
    expect(guarded(good('a{code=~"2.."}', 'a'))).toEqual([]);
    expect(guarded(bad('a{code!~"2.."}', 'a'))).toEqual([]);
    expect(guarded(good('a{error=""}', 'a'))).toEqual([]);
    expect(good('a{code!~"5.."}', 'a').badRate(60_000)).toContain(
      '(sum(rate(a{code!~"5..",env="eu"}[60s])) and sum(rate(a{env="eu",code!=""}[60s])) * 0 or sum(rate(a{env="eu",code!=""}[60s])) * 0)',
    );
  });

  test('that overlap are told apart for the ledger, and not where they cannot be', () => {
    const selectors = bad('a{x="1"} or a{y="1",x!="1"} or a{z="1"}', 'a').atoms?.flatMap(({ role, selector }) =>
      role === 'bad' ? selector.replace(',env="eu"', '') : [],
    );
    expect(selectors).toEqual(['a{x="1"}', 'a{y="1",x!="1"}', 'a{z="1",x!="1",y!="1"}']);
    expect(bad('a{x="1"} or b{x="1"}', 'a').atoms).toBeNull();
    expect(bad('histogram_count(a{x="1"})', 'histogram_count(a)').atoms).toBeNull();
  });
});

describe('the environment', () => {
  test('is that of series without the label, too, where it is the default one', () => {
    expect(bad('a{x="1"}', 'a', 'production').totalRate(60_000)).toBe('sum(rate(a{env=~"production|"}[60s]))');
  });

  test('stays as a selector names it', () => {
    expect(bad('a{x="1"}', 'a{env=~".*"}').totalRate(60_000)).toBe('sum(rate(a{env=~".*"}[60s]))');
  });

  test('of a whole source needs no label', () => {
    const compiled = compileIndicator(
      {
        environment: 'eu',
        budgeting: { method: 'occurrences' },
        indicator: { kind: 'raw', type: 'success', query: 'a' },
      },
      { ...source, environment: 'eu' },
    );
    expect(compiled.selectors).toEqual(['a']);
  });

  test('narrows every selector of an expression, and only selectors', () => {
    const query =
      '# env\nsum(rate(a{x="up{}"}[5m])) / on() group_left sum(rate({job="b"}[5m])) and up unless {"c.d"} offset 5m';
    const { samples, selectors } = compile({ kind: 'threshold', query, op: 'gt', value: -1 });
    expect(samples?.query).toBe(
      '((# env\nsum(rate(a{x="up{}",env="eu"}[5m])) / on() group_left sum(rate({job="b",env="eu"}[5m])) and up{env="eu"} unless {"c.d",env="eu"} offset 5m\n) >= -Inf)',
    );
    expect(selectors).toEqual(['a{x="up{}",env="eu"}', '{job="b",env="eu"}', 'up{env="eu"}', '{"c.d",env="eu"}']);
  });

  test('cannot be broken out of by a name', () => {
    const compiled = bad('a{x="1"}', 'a', '"} or up{x="');
    expect(compiled.totalRate(60_000)).toBe('sum(rate(a{env="\\"} or up{x=\\""}[60s]))');
  });
});

describe('bounds of buckets', () => {
  test.each([
    ['1', ['1', '1.0']],
    ['1.0', ['1.0', '1']],
    ['0.5', ['0.5']],
    ['500', ['500', '500.0']],
    ['1e+06', ['1e+06', '1000000', '1000000.0']],
    ['0.00005', ['0.00005', '5e-05']],
    ['+Inf', ['+Inf']],
    ['x', ['x']],
  ])('%s has every spelling', (bound, expected) => expect(boundSpellings(bound)).toEqual(expected));

  test('are matched in every spelling', () => {
    expect(good('h_bucket{le="1"}', 'h_count').selectors[0]).toBe('h_bucket{le=~"1|1\\\\.0",env="eu"}');
  });
});

describe('samples and slices', () => {
  test('a threshold counts samples, and leaves NaN out', () => {
    const compiled = compile({ kind: 'threshold', query: 'probe_success', op: 'gte', value: 1 });
    expect(compiled).toMatchObject({
      kind: 'samples',
      atoms: null,
      samples: {
        query: '((probe_success{env="eu"}) >= -Inf)',
        isGood: '((probe_success{env="eu"}) >= -Inf) >= bool 1',
        good: 'sum(((probe_success{env="eu"}) >= -Inf) >= bool 1)',
        total: 'count(((probe_success{env="eu"}) >= -Inf))',
        stepMs: 30_000,
      },
    });
    expect(compiled.totalRate(3_600_000)).toBe(
      'sum_over_time((count(((probe_success{env="eu"}) >= -Inf)))[3600s:30s]) / 3600',
    );
  });

  test('slices look at a whole slice where the window is shorter', () => {
    const compiled = compile(
      { kind: 'ratio', counter: true, good: null, bad: 'a{x="1"}', total: 'a' },
      { method: 'timeslices', sliceMs: 600_000, sliceTarget: 0.95 },
    );
    expect(compiled.kind).toBe('slices');
    expect(compiled.atoms).toHaveLength(2);
    expect(compiled.badRate(300_000)).toMatch(/< bool 0\.949999999\)\[600s:600s\]\) \/ 600$/);
    expect(compiled.badRate(3_600_000)).toMatch(/\[3600s:600s\]\) \/ 3600$/);
  });
});
