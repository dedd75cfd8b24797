import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LogLine, LogPosition, LogSearchAnswer } from '#lib/adapters/logs/index.ts';
import { type FromSource, mergeLines, type Order } from './merge.ts';

const line = (timeNs: bigint, id: string) => ({ timeNs, id }) as LogLine;
const hex = (n: number) => n.toString(16).padStart(4, '0');
const answer = (lines: LogLine[], rest: Partial<LogSearchAnswer> = {}): LogSearchAnswer => ({
  lines,
  truncated: false,
  notes: [],
  ...rest,
});
const from = (sourceId: string, given: LogSearchAnswer | null, before?: LogPosition): FromSource => ({
  sourceId,
  answer: given,
  before,
});
const names = (lines: { sourceId: string; line: LogLine }[]) =>
  lines.map(({ sourceId, line: { timeNs, id } }) => `${timeNs} ${sourceId} ${id}`);

/** A source over fixed lines, as the port has it. */
function searched(lines: readonly LogLine[], order: Order, limit: number, after?: LogPosition): LogSearchAnswer {
  const sign = order === 'newest' ? -1 : 1;
  const compare = (a: LogPosition, b: LogPosition) =>
    sign * (a.timeNs !== b.timeNs ? (a.timeNs < b.timeNs ? -1 : 1) : a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
  const found = lines.toSorted(compare).filter((one) => !after || compare(one, after) > 0);
  return answer(found.slice(0, limit), { truncated: found.length > limit });
}

test('page by page, every line of every source comes once and in order', () => {
  const times = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 30 });
  const order = fc.constantFrom('newest' as const, 'oldest' as const);
  fc.assert(
    fc.property(
      fc.array(times, { minLength: 1, maxLength: 3 }),
      order,
      fc.integer({ min: 1, max: 7 }),
      (all, way, limit) => {
        const sources = all.map((list, at) => ({
          id: `s${at}`,
          lines: list.map((time, index) => line(BigInt(time), hex(index))),
        }));
        const seen: string[] = [];
        let places = new Map<string, LogPosition>();
        for (let page = 0; page < 200; page++) {
          const merged = mergeLines(
            sources.map(({ id, lines }) => from(id, searched(lines, way, limit, places.get(id)), places.get(id))),
            way,
            limit,
          );
          seen.push(...names(merged.lines));
          expect(merged.lines.length).toBeLessThanOrEqual(limit);
          if (!merged.next) break;
          expect(merged.lines.length).toBe(limit);
          places = merged.next;
        }
        const expected = names(sources.flatMap(({ id, lines }) => lines.map((one) => ({ sourceId: id, line: one }))));
        expect(seen).toHaveLength(expected.length);
        expect([...seen].sort()).toEqual([...expected].sort());
        const inTime = seen.map((name) => Number(name.split(' ')[0]));
        expect(inTime).toEqual(inTime.toSorted((a, b) => (way === 'newest' ? b - a : a - b)));
      },
    ),
  );
});

describe('a source that stopped early', () => {
  const early = () => answer([line(90n, 'aa')], { truncated: true, reached: { timeNs: 80n, id: '00' } });

  test('holds back what lies behind where it stopped, and goes on from there', () => {
    const { lines, next } = mergeLines(
      [from('a', early()), from('b', answer([line(95n, '01'), line(80n, '02'), line(70n, '03')]))],
      'newest',
      10,
    );
    expect(names(lines)).toEqual(['95 b 01', '90 a aa', '80 b 02']);
    expect(next).toEqual(
      new Map([
        ['a', { timeNs: 80n, id: '00' }],
        ['b', { timeNs: 80n, id: '02' }],
      ]),
    );
  });

  test('goes on although a page is empty', () => {
    const empty = answer([], { truncated: true, reached: { timeNs: 50n, id: '00' } });
    expect(mergeLines([from('a', empty)], 'newest', 10)).toEqual({
      lines: [],
      next: new Map([['a', { timeNs: 50n, id: '00' }]]),
    });
  });
});

test('a source that failed goes on from the end of the page, so that nothing comes out of order', () => {
  const { next } = mergeLines(
    [from('a', null), from('b', answer([line(9n, '01'), line(8n, '02')], { truncated: true }))],
    'newest',
    2,
  );
  expect(next?.get('a')).toEqual({ timeNs: 8n, id: '00'.repeat(16) });
  const before = { timeNs: 100n, id: 'aa' };
  expect(
    mergeLines([from('a', null, before), from('b', answer([], { truncated: true }))], 'newest', 2).next?.get('a'),
  ).toEqual(before);
});

test('says that there is nothing more', () => {
  expect(mergeLines([from('a', answer([line(1n, '01')])), from('b', null)], 'newest', 1).next).toBeNull();
});
