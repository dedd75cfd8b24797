import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flags, fromBytes, packer, rowOf, toBytes } from '../decode/packed.ts';
import { keepsTrace } from './ratio.ts';
import { createSampler, type KeptRow, type SamplerEvents } from './sampler.ts';

const decisionMs = 10_000;

interface TestSpan {
  trace: number;
  name: string;
  flags: number;
}

/** Trace ids that are spread over the whole range of what the ratio looks at. */
function traceId(trace: number): Uint8Array {
  const id = new Uint8Array(16).fill(trace);
  new DataView(id.buffer).setUint32(9, Math.imul(trace + 1, 2_654_435_761) >>> 0);
  return id;
}

function pack(spans: readonly TestSpan[]) {
  const rows = packer();
  for (const { trace, name, flags } of spans) rows.add(traceId(trace), flags, [name, 'é', '"x\\"']);
  return rows.build();
}

function setUp({ ratio = 0.3, mostBytes = 1e9 } = {}) {
  const events = { dropped: 0, early: 0, late: 0 };
  const count = (key: keyof SamplerEvents) => (n: number) => {
    events[key] += n;
  };
  const sampler = createSampler({
    decisionMs,
    mostBytes,
    events: { dropped: count('dropped'), early: count('early'), late: count('late') },
  });
  sampler.setRatio(ratio, 0);
  const stored: { name: string; ratio: number; reason: string }[] = [];
  const store = (rows: readonly KeptRow[]) => {
    for (const { from, index, ratio, reason } of rows) {
      stored.push({ name: rowOf(from.spans, index)[0] ?? '', ratio, reason });
    }
  };
  return {
    sampler,
    events,
    stored,
    send(spans: readonly TestSpan[], now: number): string | undefined {
      const taken = sampler.take(pack(spans), now);
      store(taken.kept);
      sampler.confirm(taken);
      return taken.held?.id;
    },
    flush(): string[] {
      const rows = sampler.takeReady(1e9);
      store(rows);
      sampler.settle(rows);
      return sampler.takeFinished();
    },
  };
}

const names = (stored: { name: string }[]) => stored.map(({ name }) => name).sort();
const span = (trace: number, name: string, rowFlags = 0): TestSpan => ({ trace, name, flags: rowFlags });
const dropped = Array.from({ length: 200 }, (_, n) => n).filter((n) => !keepsTrace(traceId(n), 0.3));
const kept = Array.from({ length: 200 }, (_, n) => n).filter((n) => keepsTrace(traceId(n), 0.3));
const leftOut = dropped[0] as number;
const keptOne = kept[0] as number;

/** Spans of a few traces, in some order, cut into requests that come within the time of the decision. */
const arrivals = fc
  .array(fc.record({ trace: fc.nat(7), flags: fc.constantFrom(0, 0, 0, 0, flags.error, flags.slow) }), {
    minLength: 1,
    maxLength: 60,
  })
  .chain((spans) =>
    fc.record({
      spans: fc.constant(spans.map((given, index) => span(given.trace, `span ${index}`, given.flags))),
      cuts: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 60, maxLength: 60 }),
      gaps: fc.array(fc.integer({ min: 0, max: 120 }), { minLength: 60, maxLength: 60 }),
    }),
  );

function sendAll(
  set: ReturnType<typeof setUp>,
  { spans, cuts, gaps }: typeof arrivals extends fc.Arbitrary<infer T> ? T : never,
) {
  let now = 1_000;
  let from = 0;
  const ids: string[] = [];
  for (const [index, cut] of cuts.entries()) {
    if (from >= spans.length) break;
    now += gaps[index] ?? 0;
    const id = set.send(spans.slice(from, from + cut), now);
    if (id) ids.push(id);
    set.sampler.decide(now);
    from += cut;
  }
  return { ids, now };
}

describe('a trace with an error or a slow span', () => {
  it('is kept whole, whatever the ratio and the order of arrival, and counts for itself alone', () => {
    fc.assert(
      fc.property(arrivals, fc.constantFrom(0.001, 0.3, 0.9), (given, ratio) => {
        const set = setUp({ ratio });
        const { ids, now } = sendAll(set, given);
        set.sampler.decide(now + decisionMs);
        const finished = set.flush();
        const marked = new Set(given.spans.filter((one) => one.flags).map(({ trace }) => trace));
        const expected = given.spans.filter(({ trace }) => marked.has(trace) || keepsTrace(traceId(trace), ratio));
        expect(names(set.stored)).toEqual(names(expected));
        for (const { name, ratio: recorded, reason } of set.stored) {
          const { trace } = given.spans.find((one) => one.name === name) as TestSpan;
          expect(recorded).toBe(marked.has(trace) ? 1 : ratio);
          expect(reason === 'ratio').toBe(!marked.has(trace));
        }
        expect(set.events.dropped).toBe(given.spans.length - expected.length);
        expect(set.events.late).toBe(0);
        // Nothing is left behind in memory or in Postgres.
        expect(finished.sort()).toEqual(ids.sort());
        expect(set.sampler.undecided()).toEqual({ spans: 0, bytes: 0, readyRows: 0 });
      }),
    );
  });

  it('keeps also its later spans', () => {
    const set = setUp();
    set.send([span(leftOut, 'broken', flags.error)], 0);
    set.sampler.decide(decisionMs);
    set.send([span(leftOut, 'later')], 2 * decisionMs);
    expect(set.stored).toEqual([
      { name: 'broken', ratio: 1, reason: 'error' },
      { name: 'later', ratio: 1, reason: 'error' },
    ]);
  });

  it('is counted as late when other spans of it were left out already', () => {
    const set = setUp();
    set.send([span(leftOut, 'early')], 0);
    set.sampler.decide(decisionMs);
    set.send([span(leftOut, 'broken', flags.slow)], decisionMs + 1);
    expect(names(set.stored)).toEqual(['broken']);
    expect(set.events).toMatchObject({ dropped: 1, late: 1 });
  });

  it('is remembered from the time when all was kept', () => {
    const set = setUp({ ratio: 1 });
    set.sampler.remember([Buffer.from(traceId(leftOut)).toString('latin1')], 'error', 0);
    set.sampler.setRatio(0.3, 1);
    set.send([span(leftOut, 'later')], 2);
    expect(set.stored).toEqual([{ name: 'later', ratio: 1, reason: 'error' }]);
  });
});

describe('a trace without', () => {
  it('is held until its time, then kept or left out by the ratio at which it was first seen', () => {
    const set = setUp();
    set.send([span(keptOne, 'a'), span(leftOut, 'b')], 0);
    set.sampler.setRatio(0.001, 1);
    set.sampler.decide(decisionMs - 1);
    expect(set.flush()).toEqual([]);
    expect(set.stored).toEqual([]);
    expect(set.sampler.undecided().spans).toBe(2);
    set.sampler.decide(decisionMs);
    expect(set.flush()).toHaveLength(1);
    expect(set.stored).toEqual([{ name: 'a', ratio: 0.3, reason: 'ratio' }]);
  });

  it('has its later spans follow the decision also at another ratio', () => {
    const set = setUp();
    set.send([span(keptOne, 'a'), span(leftOut, 'b')], 0);
    set.sampler.decide(decisionMs);
    set.flush();
    set.sampler.setRatio(0.001, decisionMs);
    set.send([span(keptOne, 'a2')], decisionMs + 1);
    set.sampler.setRatio(1, decisionMs);
    set.send([span(leftOut, 'b2')], decisionMs + 2);
    expect(set.stored.map(({ name, ratio }) => [name, ratio])).toEqual([
      ['a', 0.3],
      ['a2', 0.3],
    ]);
  });

  it('is decided before its time, oldest first, while too much is held', () => {
    const set = setUp({ mostBytes: 100 });
    for (let n = 0; n < 50; n++) set.send([span(n, `span ${n}`)], n);
    set.sampler.decide(60);
    expect(set.sampler.undecided().bytes).toBeLessThanOrEqual(100);
    expect(set.sampler.undecided().spans).toBeGreaterThan(0);
    expect(set.events.early).toBe(50 - set.sampler.undecided().spans);
  });
});

describe('holding', () => {
  it('goes on after the ratio is 1 again until all is decided', () => {
    const { sampler, send, flush } = setUp();
    send([span(1, 'a')], 0);
    sampler.setRatio(1, 1);
    expect(sampler.isHolding(decisionMs - 1)).toBe(true);
    sampler.decide(decisionMs);
    flush();
    expect(sampler.isHolding(decisionMs + 1)).toBe(false);
  });

  it('is undone for a request that could not be stored', () => {
    const { sampler, flush, stored } = setUp();
    sampler.undo(sampler.take(pack([span(keptOne, 'a'), span(leftOut, 'b')]), 0));
    expect(sampler.undecided()).toEqual({ spans: 0, bytes: 0, readyRows: 0 });
    sampler.decide(decisionMs);
    expect(flush()).toEqual([]);
    expect(stored).toEqual([]);
  });

  it('is taken up from what an earlier process had staged', () => {
    const set = setUp();
    const staged = fromBytes(toBytes(pack([span(keptOne, 'a'), span(leftOut, 'b'), span(leftOut + 200, 'c')])));
    set.sampler.remember([Buffer.from(traceId(leftOut)).toString('latin1')], 'error', 0);
    set.sampler.recover({ id: 'earlier', minute: 7, ratio: 0.3, spans: staged }, 0);
    set.flush();
    expect(set.stored).toEqual([{ name: 'b', ratio: 1, reason: 'error' }]);
    set.sampler.decide(decisionMs);
    expect(set.flush()).toEqual(['earlier']);
    expect(names(set.stored)).toContain('a');
  });
});

it('spans come out of their package as they went in', () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1 })), (rows) => {
      const clean = rows.map((row) => row.map((text) => text.replaceAll('\0', '')));
      const given = packer();
      for (const [index, row] of clean.entries()) given.add(traceId(index), 0, row);
      const read = fromBytes(toBytes(given.build()));
      expect(Array.from({ length: read.count }, (_, index) => rowOf(read, index))).toEqual(clean);
    }),
  );
  expect(() => fromBytes(Buffer.from([0, 0, 0, 1]))).toThrow(RangeError);
});
