import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  absoluteRange,
  defaultTimeRange,
  formatTimePoint,
  parseTimePoint,
  parseTimeRange,
  resolveTimeRange,
  spanWords,
  timeRangeParams,
  zoomOut,
} from './time-range.ts';

const read = (query: string) => parseTimeRange(new URLSearchParams(query));

describe('a point in time', () => {
  it.each([
    ['now', { kind: 'relative', agoMs: 0 }],
    ['now-1h', { kind: 'relative', agoMs: 3_600_000 }],
    ['now-90m', { kind: 'relative', agoMs: 5_400_000 }],
    ['2026-11-21T14:00:00Z', { kind: 'absolute', atMs: Date.UTC(2026, 10, 21, 14) }],
    ['2026-11-21T14:00', { kind: 'absolute', atMs: Date.UTC(2026, 10, 21, 14) }],
    ['1795269600000', { kind: 'absolute', atMs: 1795269600000 }],
  ])('is read from %s', (text, point) => expect(parseTimePoint(text)).toEqual(point));

  it.each(['', 'yesterday', 'now+1h', 'now-', 'now-1y', 'now-999999w', '12', "2026-99-99T00:00'; DROP"])(
    'is not read from “%s”',
    (text) => expect(parseTimePoint(text)).toBeUndefined(),
  );

  it('reads back what it writes', () => {
    const point = fc.oneof(
      fc.record({
        kind: fc.constant('relative' as const),
        agoMs: fc.integer({ min: 0, max: 100_000 }).map((s) => s * 1000),
      }),
      fc.record({ kind: fc.constant('absolute' as const), atMs: fc.integer({ min: 1e12, max: 4e12 }) }),
    );
    fc.assert(
      fc.property(point, (p) => {
        expect(parseTimePoint(formatTimePoint(p))).toEqual(p);
      }),
    );
  });
});

describe('a range in an address', () => {
  it('is the last hour in UTC, live, when nothing is said', () => {
    expect(read('')).toEqual({ range: defaultTimeRange });
  });
  it('is not live when it ends in the past', () => {
    expect(read('from=2026-11-21T13:00:00Z&to=2026-11-21T14:00:00Z&live=1').range.live).toBe(false);
  });
  it('falls back and says so when it cannot be read', () => {
    const { range, problem } = read('from=banana&to=now&tz=mars');
    expect(range).toEqual(defaultTimeRange);
    expect(problem).toContain('“from” is not a time');
  });
  it('falls back when it ends before it begins', () => {
    expect(read('from=now-1h&to=now-2h')).toEqual({
      range: defaultTimeRange,
      problem: 'the range ends before it begins',
    });
  });
  it('reads back what it writes', () => {
    const range = {
      ...defaultTimeRange,
      from: { kind: 'relative' as const, agoMs: 21_600_000 },
      zone: 'local' as const,
      live: false,
    };
    const params = new URLSearchParams();
    for (const [name, value] of Object.entries(timeRangeParams(range))) if (value !== null) params.set(name, value);
    expect(params.toString()).toBe('from=now-6h&to=now&tz=local&live=0');
    expect(parseTimeRange(params).range).toEqual(range);
  });
  it('leaves the address clean for what is usual', () => {
    expect(Object.values(timeRangeParams(defaultTimeRange))).toEqual([null, null, null, null]);
  });
  it('keeps a preference out of the address as well', () => {
    const preferred = { ...defaultTimeRange, zone: 'local' as const };
    expect(parseTimeRange(new URLSearchParams(), preferred).range.zone).toBe('local');
    expect(timeRangeParams({ ...preferred, zone: 'utc' }, preferred).tz).toBe('utc');
  });
});

describe('instants of a range', () => {
  const now = Date.UTC(2026, 10, 21, 14, 30);
  it('follow now', () => {
    expect(resolveTimeRange(defaultTimeRange, now)).toEqual({ fromMs: now - 3_600_000, toMs: now });
  });
  it('are never closer than ten seconds', () => {
    const { from, to } = absoluteRange(defaultTimeRange, now, now + 10);
    const { fromMs, toMs } = resolveTimeRange({ from, to }, now);
    expect(toMs - fromMs).toBe(10_000);
  });
  it('double when zoomed out, and do not reach beyond now', () => {
    expect(zoomOut(defaultTimeRange, now).from).toEqual({ kind: 'relative', agoMs: 7_200_000 });
    const wider = zoomOut(absoluteRange(defaultTimeRange, now - 600_000, now), now);
    expect(resolveTimeRange(wider, now)).toEqual({ fromMs: now - 1_200_000, toMs: now });
  });
  it.each([
    [3_600_000, '1 hour'],
    [5_400_000, '90 minutes'],
    [172_800_000, '2 days'],
  ])('%d ms are called %s', (ms, text) => expect(spanWords(ms)).toBe(text));
});
