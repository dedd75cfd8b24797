import fc from 'fast-check';
import { columnsOf, type SpanRow, type TraceColumns } from '../columns-rules.ts';
import { spanKinds, spanStatuses } from '../schemas.ts';
import { type Tree, treeOf } from '../tree-rules.ts';

export const startNs = 1_700_000_000_000_000_000n;

/** A span by a short id; times in milliseconds since the start of the trace. */
export interface Sketch extends Partial<Omit<SpanRow, 'startNs' | 'durationNs'>> {
  id: string;
  parent?: string;
  from?: number;
  for?: number;
}

export const spanIdOf = (id: string) => Buffer.from(id.padEnd(8, '.')).toString('hex').slice(0, 16);

export function rowOf({ id, parent, from = 0, for: lasts = 1, ...rest }: Sketch): SpanRow {
  return {
    spanId: spanIdOf(id),
    parentSpanId: parent === undefined ? null : spanIdOf(parent),
    service: 'a',
    name: id,
    kind: 'internal',
    status: 'unset',
    startNs: startNs + BigInt(Math.round(from * 1e6)),
    durationNs: BigInt(Math.round(lasts * 1e6)),
    events: 0,
    links: 0,
    ...rest,
  };
}

export interface Built extends TraceColumns {
  tree: Tree;
  /** Number of the span with a short id. */
  at(id: string): number;
}

export function built(sketches: readonly Sketch[]): Built {
  return builtOf(sketches.map(rowOf));
}

export function builtOf(rows: readonly SpanRow[]): Built {
  const columns = columnsOf(rows);
  return { ...columns, tree: treeOf(columns.spans), at: (id) => columns.spans.id.indexOf(spanIdOf(id)) };
}

const anyTime = fc.oneof(
  { weight: 8, arbitrary: fc.bigInt({ min: startNs, max: startNs + 1_000_000_000n }) },
  { weight: 1, arbitrary: fc.constantFrom(0n, 1n, -5n, 7_258_118_400_000_000_000n, 2n ** 63n - 1n) },
);
const anyLength = fc.oneof(
  { weight: 8, arbitrary: fc.bigInt({ min: 0n, max: 500_000_000n }) },
  { weight: 1, arbitrary: fc.constantFrom(-1n, -(2n ** 62n), 2n ** 62n) },
);

/** Spans as a source that lies may send them: ids that repeat, parents that are not there or go in rings, odd times. */
export const anyRows: fc.Arbitrary<SpanRow[]> = fc.array(
  fc.record({
    spanId: fc.integer({ min: 1, max: 25 }).map((id) => id.toString(16).padStart(16, '0')),
    parentSpanId: fc.option(fc.integer({ min: 1, max: 28 }).map((id) => id.toString(16).padStart(16, '0'))),
    service: fc.constantFrom('a', 'b', 'c'),
    name: fc.constantFrom('x', 'y'),
    kind: fc.constantFrom(...spanKinds),
    status: fc.constantFrom(...spanStatuses),
    startNs: anyTime,
    durationNs: anyLength,
    events: fc.constant(0),
    links: fc.constant(0),
  }),
  { maxLength: 40 },
);

/** A tree as it should be: children within their parents. */
export const wellFormed: fc.Arbitrary<SpanRow[]> = fc
  .array(
    fc.record({
      parent: fc.nat(1_000),
      from: fc.double({ min: 0, max: 1, noNaN: true }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      service: fc.constantFrom('a', 'b', 'c'),
      kind: fc.constantFrom('server' as const, 'client' as const, 'internal' as const),
      failed: fc.boolean(),
    }),
    { minLength: 1, maxLength: 60 },
  )
  .map((sketches) => {
    const rows: SpanRow[] = [];
    for (const [index, { parent, from, share, service, kind, failed }] of sketches.entries()) {
      const above = index === 0 ? undefined : rows[parent % index];
      const start = above ? above.startNs + BigInt(Math.floor(Number(above.durationNs) * from)) : startNs;
      const left = above ? Number(above.startNs + above.durationNs - start) : 1e9;
      rows.push({
        spanId: (index + 1).toString(16).padStart(16, '0'),
        parentSpanId: above?.spanId ?? null,
        service,
        name: `n${index % 5}`,
        kind,
        status: failed ? 'error' : 'unset',
        startNs: start,
        durationNs: BigInt(Math.floor(left * share)),
        events: 0,
        links: 0,
      });
    }
    return rows;
  });

/** Time that this process has worked, in milliseconds: what else the machine does is not in it. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** A large trace: `wide` children at each of so many levels, or one long chain. */
export function largeTrace(size: number, shape: 'wide' | 'chain' | 'flat' | 'bushy'): SpanRow[] {
  return Array.from({ length: size }, (_, index): SpanRow => {
    const parent =
      index === 0
        ? null
        : shape === 'chain'
          ? index - 1
          : shape === 'flat'
            ? 0
            : Math.floor((index - 1) / (shape === 'wide' ? 50 : 3));
    return {
      spanId: (index + 1).toString(16).padStart(16, '0'),
      parentSpanId: parent === null ? null : (parent + 1).toString(16).padStart(16, '0'),
      service: `service-${index % 12}`,
      name: `operation ${index % 40}`,
      kind: index % 3 === 0 ? 'server' : 'client',
      status: index % 97 === 0 ? 'error' : 'unset',
      startNs: startNs + BigInt(index) * 1_000n,
      durationNs: BigInt(2_000 * size - index * 1_000),
      events: 0,
      links: 0,
    };
  });
}
