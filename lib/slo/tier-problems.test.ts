import { describe, expect, test } from 'vitest';
import { isReachable } from './burn-rules.ts';
import type { SloDefinition } from './schemas.ts';
import { reachableFactor, tierProblems } from './tier-problems.ts';

const definition = (target: number, tiers: SloDefinition['alerting']['tiers'] = null) =>
  ({
    target,
    window: { kind: 'rolling', days: 30 },
    alerting: { tiers, minFailures: 0, absentPages: null },
  }) as SloDefinition;

describe('alerts that cannot fire', () => {
  test.each([
    [0.999, []],
    [0.9306, []],
    [0.9305, ['1h']],
    [0.93, ['1h']],
    [0.8, ['1h', '6h']],
    [0.5, ['1h', '6h', '1d']],
  ])('at a target of %d', (target, longs) => {
    const problems = tierProblems(definition(target), {});
    expect(problems.map(({ message }) => /over (\w+) and/.exec(message)?.[1])).toEqual(longs);
    for (const { level, code } of problems) expect(`${level} ${code}`).toBe('warning slo.alert_out_of_reach');
  });

  test.each([0.5, 0.9, 0.93, 0.99, 0.9995])('have one in their place that can, at %d', (target) => {
    const factor = reachableFactor(target);
    expect(isReachable({ severity: 'page', longMs: 1, shortMs: 1, factor }, target)).toBe(true);
    expect(factor * (1 - target)).toBeGreaterThan(0.8);
  });

  test('stand where alerts are written, and offer nothing below a pace of 1', () => {
    const places = { alerting: { line: 7, column: 3, path: 'spec.alertPolicies' } };
    const tier = { severity: 'page', longMs: 3_600_000, shortMs: 300_000, factor: 2 } as const;
    const [problem] = tierProblems(definition(0.05, [tier]), places);
    expect(problem).toMatchObject({ line: 7, column: 3, path: 'spec.alertPolicies' });
    expect(problem?.message).toContain('No factor above 1 can fire');
  });
});
