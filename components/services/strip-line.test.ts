import { describe, expect, it } from 'vitest';
import { covers, errorsOfAll, lineOfRed } from './strip-line.ts';

const spark = (rate: (number | null)[], errorRatio: (number | null)[]) => ({
  sparkline: { rate, errorRatio, p95Ms: [] },
});

describe('errorsOfAll', () => {
  it('weighs each service by its requests', () => {
    expect(errorsOfAll([spark([90], [0]), spark([10], [0.5])], 1)).toEqual([0.05]);
  });

  it('keeps gaps as gaps and an idle moment as no failures', () => {
    expect(errorsOfAll([spark([null, 0], [null, null]), { sparkline: null }], 2)).toEqual([null, 0]);
  });
});

describe('lineOfRed', () => {
  const grid = { from: '2026-11-21T14:00:00.000Z', to: '2026-11-21T14:02:00.000Z', stepMs: 60_000 };
  const red = {
    service: 'payment',
    grid,
    errorRatio: [0, 0, null],
    callers: { rate: [1, 1, 1], errorRatio: [null, 0.9, 1] },
  };
  it('goes on with what callers see once the service is silent', () => {
    expect(lineOfRed(red, 'service').values).toEqual([0, 0, 1]);
  });
  it('shows what callers see where that is worse', () => {
    expect(lineOfRed(red, 'callers').values).toEqual([0, 0.9, 1]);
    expect(lineOfRed({ ...red, callers: null }, 'callers').values).toEqual([0, 0, null]);
  });
});

describe('covers', () => {
  const to = Date.parse('2026-11-21T14:30:00Z');
  const grid = { from: '2026-11-21T13:30:00.000Z', to: '2026-11-21T14:30:00.000Z', stepMs: 60_000 };
  const hour = 3_600_000;
  it('accepts the last hour, also where it has moved on a little or the source is down', () => {
    expect(covers(grid, to - hour + 55_000, to + 55_000)).toBe(true);
    expect(covers(grid, to - hour + 600_000, to + 600_000)).toBe(true);
  });
  it('accepts neither another length nor another hour', () => {
    expect(covers(grid, to - 6 * hour, to)).toBe(false);
    expect(covers(grid, to - 2 * hour, to - hour)).toBe(false);
    expect(covers(grid, to + hour, to + 2 * hour)).toBe(false);
    expect(covers(null, to - hour, to)).toBe(false);
  });
});
