import { create, toBinary } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { TracesDataSchema } from '#lib/adapters/otlp/generated/opentelemetry/proto/trace/v1/trace_pb.js';
import { forget } from '#lib/core/registry.ts';
import { wholeOfLegacy } from '../jaeger/legacy.ts';
import type { TraceSearch } from '../port.ts';
import { wholeOfBinary } from './binary.ts';
import { wholeOfJson } from './json.ts';
import { foundOf } from './match.ts';
import { attributesOfWhole, detailsOf, findInWhole, storedOf, type WholeTrace } from './whole.ts';

const traceId = 'ab'.repeat(16);
const ns = (year: number) => BigInt(Date.UTC(year, 0, 1)) * 1_000_000n;

beforeAll(() => {
  Object.assign(process.env, {
    QD_SECRET: 'a secret of tests, 32 characters',
    DATABASE_URL: 'postgresql://localhost/x',
  });
  forget('config');
});

/** The same odd spans as each backend would write them. */
interface Odd {
  spanId: string;
  parent?: string;
  startNs?: bigint;
  endNs?: bigint;
}

const asJson = (spans: readonly Odd[]) =>
  wholeOfJson(
    [
      {
        scopeSpans: [
          {
            spans: spans.map(({ spanId, parent = '', startNs = ns(2026), endNs = startNs + 5n }) => ({
              traceId,
              spanId,
              parentSpanId: parent,
              startTimeUnixNano: String(startNs),
              endTimeUnixNano: String(endNs),
            })),
          },
        ],
      },
    ],
    1_000,
  );
const asLegacy = (spans: readonly Odd[]) =>
  wholeOfLegacy(
    [
      {
        traceID: traceId,
        spans: spans.map(({ spanId, parent, startNs = ns(2026), endNs = startNs + 5_000n }) => ({
          traceID: traceId,
          spanID: spanId,
          references: parent ? [{ refType: 'CHILD_OF', traceID: traceId, spanID: parent }] : [],
          startTime: Number(startNs / 1_000n),
          duration: Number((endNs - startNs) / 1_000n),
          processID: 'p9',
        })),
        processes: {},
      },
    ],
    1_000,
  );
const hex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'));
const asBinary = (spans: readonly Odd[]) =>
  wholeOfBinary(
    toBinary(
      TracesDataSchema,
      create(TracesDataSchema, {
        resourceSpans: [
          {
            scopeSpans: [
              {
                spans: spans.map(({ spanId, parent = '', startNs = ns(2026), endNs = startNs + 5n }) => ({
                  traceId: hex(traceId),
                  spanId: hex(spanId),
                  parentSpanId: hex(parent),
                  startTimeUnixNano: startNs,
                  endTimeUnixNano: endNs,
                })),
              },
            ],
          },
        ],
      }),
    ),
  );

describe.each([
  ['OTLP/JSON', asJson],
  ['internal JSON', asLegacy],
  ['protobuf', asBinary],
])('odd traces as %s', (_, read) => {
  const spansOf = async (odd: readonly Odd[]) => {
    const { traces } = await read(odd);
    expect(traces).toHaveLength(1);
    return storedOf(traces[0] as WholeTrace);
  };

  test('two roots, orphans, cycles and duplicates pass through', async () => {
    const { spans } = await spansOf([
      { spanId: '0000000000000001' },
      { spanId: '0000000000000002' },
      { spanId: '0000000000000003', parent: '00000000000000ff' },
      { spanId: '0000000000000004', parent: '0000000000000005' },
      { spanId: '0000000000000005', parent: '0000000000000004' },
      { spanId: '0000000000000006', parent: '0000000000000006' },
      { spanId: '0000000000000001', startNs: ns(2027) },
    ]);
    expect(spans.map(({ spanId, parentSpanId }) => [spanId.at(-1), parentSpanId?.slice(-2) ?? null])).toEqual([
      ['1', null],
      ['2', null],
      ['3', 'ff'],
      ['4', '05'],
      ['5', '04'],
      ['6', '06'],
      ['1', null],
    ]);
  });

  test('details of spans that share an id come each, the first to start first', async () => {
    const { traces } = await read([
      { spanId: '0000000000000001', startNs: ns(2027) },
      { spanId: '0000000000000001', startNs: ns(2026) },
    ]);
    const found = detailsOf(traces[0] as WholeTrace, ['0000000000000001', '0000000000000001']);
    expect(found.map(({ startNs }) => startNs)).toEqual([ns(2026), ns(2027)]);
  });

  test('times of 1970 and 2200 and negative durations are kept', async () => {
    const { spans } = await spansOf([
      { spanId: '0000000000000001', startNs: 0n, endNs: 1_000n },
      { spanId: '0000000000000002', startNs: ns(2200) },
      { spanId: '0000000000000003', startNs: ns(2026), endNs: ns(2026) - 7_000_000n },
    ]);
    expect(spans.map(({ startNs }) => startNs)).toEqual([0n, ns(2200), ns(2026)]);
    expect(spans[2]?.durationNs).toBe(-7_000_000n);
  });

  test('ids of the wrong length are padded or left out, and it is said', async () => {
    const trace = await spansOf([
      { spanId: '00aa' },
      { spanId: '0000000000000001', parent: 'bb'.repeat(20) },
      { spanId: 'cc'.repeat(12) },
      { spanId: '' },
      { spanId: '00'.repeat(8) },
    ]);
    expect(trace.spans.map(({ spanId, parentSpanId }) => [spanId, parentSpanId])).toEqual([
      ['00000000000000aa', null],
      ['0000000000000001', null],
    ]);
    expect(trace.warnings).toEqual([
      'The parent of 1 span is unknown: its id is not 16 hexadecimal digits.',
      '3 spans left out: the id is not 16 hexadecimal digits.',
    ]);
  });
});

describe('whatever stands there', () => {
  const search: TraceSearch = {
    environment: 'production',
    fromMs: 0,
    toMs: Date.UTC(2300, 0, 1),
    service: 'unknown_service',
    attributes: [{ key: 'a', operator: 'exists' }],
    limit: 10,
    order: 'newest',
  };
  async function use(traces: readonly WholeTrace[]): Promise<void> {
    for (const trace of traces) {
      expect(trace.traceId).toMatch(/^[0-9a-f]{32}$/);
      const { spans } = storedOf(trace);
      for (const { spanId, parentSpanId, startNs, durationNs } of spans) {
        expect(spanId).toMatch(/^[0-9a-f]{16}$/);
        if (parentSpanId !== null) expect(parentSpanId).toMatch(/^[0-9a-f]{16}$/);
        expect([typeof startNs, typeof durationNs]).toEqual(['bigint', 'bigint']);
      }
      expect(
        detailsOf(
          trace,
          spans.map(({ spanId }) => spanId),
        ),
      ).toHaveLength(spans.length);
      await findInWhole(trace, 'x');
      attributesOfWhole(trace);
      foundOf(trace, search);
    }
  }
  const leaf = fc.oneof(
    fc.constantFrom(traceId, 'ABC', '0', '', 'zz', '1800000000000000000', '-5', 'CHILD_OF', 'p1'),
    fc.jsonValue({ maxDepth: 2 }),
    fc.integer(),
  );
  const record = (...names: string[]) =>
    fc.record(Object.fromEntries(names.map((name) => [name, leaf])), { requiredKeys: [] });
  const attribute = fc.record({
    key: leaf,
    value: record('stringValue', 'intValue', 'doubleValue', 'arrayValue', 'kvlistValue'),
  });
  const listOf = <T>(item: fc.Arbitrary<T>) => fc.oneof(fc.array(item, { maxLength: 4 }), leaf);

  test('as OTLP/JSON', async () => {
    const span = fc.record(
      {
        traceId: leaf,
        spanId: leaf,
        parentSpanId: leaf,
        name: leaf,
        kind: leaf,
        startTimeUnixNano: leaf,
        endTimeUnixNano: leaf,
        status: leaf,
        attributes: listOf(attribute),
        events: listOf(record('name', 'timeUnixNano', 'attributes')),
        links: listOf(record('traceId', 'spanId')),
      },
      { requiredKeys: [] },
    );
    const scopes = listOf(fc.record({ scope: leaf, spans: listOf(span) }));
    const resources = listOf(fc.record({ resource: leaf, scopeSpans: scopes }));
    await fc.assert(
      fc.asyncProperty(resources, async (given) => use(wholeOfJson(given, 100).traces)),
      { numRuns: 300 },
    );
  });

  test('as internal JSON', async () => {
    const span = fc.record(
      {
        traceID: leaf,
        spanID: leaf,
        references: listOf(record('refType', 'traceID', 'spanID')),
        startTime: leaf,
        duration: leaf,
        tags: listOf(record('key', 'type', 'value')),
        logs: listOf(record('timestamp', 'fields')),
        processID: leaf,
        warnings: leaf,
      },
      { requiredKeys: [] },
    );
    const trace = fc.record({ traceID: leaf, spans: listOf(span), processes: leaf, warnings: leaf });
    await fc.assert(
      fc.asyncProperty(fc.array(trace, { maxLength: 3 }), async (given) => use(wholeOfLegacy(given, 100).traces)),
      { numRuns: 300 },
    );
  });

  test('as protobuf: it is read or refused', async () => {
    const good = toBinary(
      TracesDataSchema,
      create(TracesDataSchema, {
        resourceSpans: [
          { scopeSpans: [{ spans: [{ traceId: hex(traceId), spanId: hex('0000000000000001'), name: 'x' }] }] },
        ],
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), async (at, byte, end) => {
        const bytes = Uint8Array.from(good);
        bytes[at] = byte;
        const read = await wholeOfBinary(bytes.subarray(0, end)).catch((error: unknown) => {
          expect(error).toBeInstanceOf(Error);
          return null;
        });
        if (read) await use(read.traces);
      }),
      { numRuns: 500 },
    );
  });
});
