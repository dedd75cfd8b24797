import { describe, expect, test } from 'vitest';
import { type SpanKind, spanKinds, type Trace } from '#lib/traces/schemas.ts';
import { contributorsOf } from './contributors.ts';
import { insightOf } from './insight.ts';
import { packColor, paintMinimap } from './minimap-paint.ts';
import { isError, modelOf, nameOf, rootOf, serviceOf } from './trace-model.ts';

type Row = [service: string, name: string, parent: number, kind: SpanKind, startMs: number, lengthMs: number];

function traceOf(rows: Row[], failed: readonly number[] = []): Trace {
  const services = [...new Set(rows.map(([service]) => service))];
  const names = [...new Set(rows.map(([, name]) => name))];
  const ends = rows.map(([, , , , start, length]) => start + length);
  return {
    traceId: 'ab'.repeat(16),
    environment: 'production',
    source: { id: 'embedded', name: 'Quarterdeck', kind: 'embedded' },
    sources: [],
    startNs: '1795262587861000000',
    at: '2026-11-21T12:03:07.861Z',
    durationNs: Math.max(0, ...ends) * 1e6,
    services,
    names,
    spans: {
      id: rows.map((_, i) => i.toString(16).padStart(16, '0')),
      parent: rows.map(([, , parent]) => parent),
      service: rows.map(([service]) => services.indexOf(service)),
      name: rows.map(([, name]) => names.indexOf(name)),
      kind: rows.map(([, , , kind]) => spanKinds.indexOf(kind)),
      status: rows.map((_, i) => (failed.includes(i) ? 2 : 0)),
      offset: rows.map(([, , , , start]) => start * 1e6),
      duration: rows.map(([, , , , , length]) => length * 1e6),
      events: rows.map(() => 0),
      links: rows.map(() => 0),
    },
    spanCount: rows.length,
    errorCount: failed.length,
    depth: 1,
    sampledRatio: 1,
    flaws: [],
    facts: [],
  };
}

const shop = traceOf(
  [
    ['gateway', 'POST /orders', -1, 'server', 0, 1_000],
    ['gateway', 'POST', 0, 'client', 100, 800],
    ['order', 'POST /orders', 1, 'server', 120, 760],
    ['order', 'card-network', 2, 'client', 200, 500],
    ['order', 'card-network', 2, 'client', 710, 100],
  ],
  [3],
);

describe('a trace as it is drawn', () => {
  test('knows its spans by number and by id', () => {
    const model = modelOf(shop, false);
    expect(serviceOf(model, 3)).toBe('order');
    expect(nameOf(model, 3)).toBe('card-network');
    expect(isError(model, 3)).toBe(true);
    expect(model.find('0000000000000002')).toBe(2);
    expect(model.find('00000000000000ff')).toBe(-1);
    expect(model.find(null)).toBe(-1);
    expect(rootOf(shop)).toEqual({ span: 0, service: 'gateway', name: 'POST /orders' });
  });

  test('begins with the first span where no root is there, and with nothing without spans', () => {
    expect(rootOf(traceOf([['order', 'lost', -2, 'internal', 0, 1]]))?.name).toBe('lost');
    expect(rootOf(traceOf([]))).toBeNull();
    expect(insightOf(modelOf(traceOf([]), false)).selfNs).toHaveLength(0);
  });

  test('has clocks set right unless they are asked for as sent', () => {
    const skewed = traceOf([
      ['gateway', 'POST', -1, 'client', 0, 1_000],
      ['order', 'POST /orders', 0, 'server', 5_000, 800],
    ]);
    const right = modelOf(skewed, false);
    expect(right.skewed?.isNotable).toBe(true);
    expect(right.spans.offset).toEqual([0, 100e6]);
    expect(right.totalNs).toBe(1_000e6);
    expect(insightOf(right).moved(1)).toBe(-4_900e6);
    const raw = modelOf(skewed, true);
    expect(raw.spans.offset).toEqual([0, 5_000e6]);
    expect(raw.totalNs).toBe(5_800e6);
    expect(insightOf(raw).moved(1)).toBe(0);
    expect(modelOf(shop, false).skewed).toBeNull();
  });
});

describe('what is reckoned from it', () => {
  const model = modelOf(shop, false);
  const insight = insightOf(model);

  test('adds up to the time of the root on the critical path', () => {
    expect(insight.criticalNs.reduce((sum, ns) => sum + ns, 0)).toBe(1_000e6);
    expect(insight.selfNs[2]).toBe(160e6);
  });

  test('names what the trace waited for, calls without spans of their own as such', () => {
    const [first, ...rest] = contributorsOf(model, insight);
    expect(first).toEqual({
      service: 'order',
      name: 'card-network',
      ns: 600e6,
      spans: 2,
      span: 3,
      waits: true,
    });
    expect(rest.every(({ waits }) => !waits)).toBe(true);
    expect([first!, ...rest].reduce((sum, { ns }) => sum + ns, 0)).toBe(1_000e6);
  });

  test('gives the parts of the path within what is shown, as ratios', () => {
    const whole = { fromNs: 0, toNs: 1_000e6 };
    expect(insight.criticalIn(0, whole)).toEqual([
      [0, 0.1],
      [0.9, 1],
    ]);
    expect(insight.criticalIn(3, { fromNs: 300e6, toNs: 400e6 })).toEqual([[0, 1]]);
    expect(insight.criticalIn(3, { fromNs: 800e6, toNs: 900e6 })).toEqual([]);
  });
});

describe('the picture of the whole trace', () => {
  const colors = { ground: 1, services: [10, 11, 12, 13, 14, 15], error: 99 };
  const at = (pixels: Uint32Array, x: number, y: number) => pixels[y * 100 + x];

  test('has every span at its time, in the colour of its service, errors on top', () => {
    const pixels = new Uint32Array(100 * 50);
    const model = modelOf(shop, false);
    paintMinimap(pixels, 100, 50, model, colors);
    expect(at(pixels, 0, 0)).toBe(colors.services[model.colors[0]!]);
    expect(at(pixels, 99, 0)).toBe(colors.services[model.colors[0]!]);
    expect(at(pixels, 5, 10)).toBe(1);
    expect(at(pixels, 12, 10)).toBe(colors.services[model.colors[0]!]);
    expect(at(pixels, 20, 30)).toBe(99);
    expect(at(pixels, 60, 30)).toBe(colors.services[model.colors[1]!]);
  });

  test('takes more spans than lines, no length and no spans', () => {
    const many = traceOf(Array.from({ length: 500 }, (_, i) => ['a', 'b', i === 0 ? -1 : 0, 'internal', i, 1] as Row));
    for (const trace of [many, traceOf([['a', 'b', -1, 'internal', 0, 0]]), traceOf([])]) {
      const pixels = new Uint32Array(100 * 46);
      paintMinimap(pixels, 100, 46, modelOf(trace, false), colors);
      expect(pixels.every((pixel) => pixel > 0)).toBe(true);
      expect(pixels.some((pixel) => pixel >= 10)).toBe(trace.spanCount > 0);
    }
  });

  test('reads colours of the style sheet', () => {
    expect(packColor(' #1f2c7a')).toBe(0xff7a2c1f);
    expect(packColor('red')).toBe(0xff808080);
  });
});
