import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LogLine, LogPosition } from '../port.ts';
import { type AskWindow, mostEntries, readPage } from './pages.ts';

const line = (timeNs: bigint, id: string) => ({ timeNs, id }) as LogLine;

/** Answers like Loki: by time alone, in no order among equal times, never more than the limit. */
const lokiOf =
  (lines: readonly LogLine[], asked: number[] = []): AskWindow =>
  async ({ fromNs, toNs }, order, limit) => {
    expect(limit).toBeLessThanOrEqual(mostEntries);
    asked.push(limit);
    const found = lines.filter(({ timeNs }) => timeNs >= fromNs && timeNs < toNs);
    const shuffled = found.sort((a, b) =>
      a.timeNs === b.timeNs ? ((a.id.charCodeAt(0) * 7) % 5) - 2 : Number(a.timeNs - b.timeNs),
    );
    return (order === 'newest' ? shuffled.reverse() : shuffled).slice(0, limit);
  };

const ids = (lines: readonly LogLine[]) => lines.map(({ timeNs, id }) => `${timeNs} ${id}`);

async function walk(ask: AskWindow, order: 'newest' | 'oldest', limit: number) {
  const seen: LogLine[] = [];
  let after: LogPosition | undefined;
  for (let page = 0; page < 200; page++) {
    const answer = await readPage(ask, { fromNs: 0n, toNs: 1_000n }, { limit, order, after });
    seen.push(...answer.lines);
    if (!answer.truncated) return seen;
    after = answer.lines.at(-1);
  }
  throw new Error('did not come to an end');
}

test('every line comes once and in order, however many share a time', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 60 }),
      fc.integer({ min: 1, max: 9 }),
      fc.constantFrom('newest' as const, 'oldest' as const),
      async (times, limit, order) => {
        const lines = times.map((time, index) => line(BigInt(time), index.toString(16).padStart(4, '0')));
        const expected = ids(lines).sort((a, b) => {
          const [timeA = '', idA = ''] = a.split(' ');
          const [timeB = '', idB = ''] = b.split(' ');
          const byTime = Number(timeA) - Number(timeB) || (idA < idB ? -1 : 1);
          return order === 'newest' ? -byTime : byTime;
        });
        expect(ids(await walk(lokiOf(lines), order, limit))).toEqual(expected);
      },
    ),
  );
});

test('one time with more lines than an answer holds is asked for by itself', async () => {
  const same = Array.from({ length: 700 }, (_, index) => line(5n, index.toString(16).padStart(4, '0')));
  const asked: number[] = [];
  const { lines, truncated, notes } = await readPage(
    lokiOf([...same, line(1n, 'ffff')], asked),
    { fromNs: 0n, toNs: 10n },
    { limit: 10, order: 'newest' },
  );
  expect([lines.length, truncated, notes]).toEqual([10, true, []]);
  expect(asked).toEqual([110, mostEntries]);
  expect(await walk(lokiOf([...same, line(1n, 'ffff')]), 'newest', 300)).toHaveLength(701);
});

test('says when one time has more lines than Loki gives', async () => {
  const same = Array.from({ length: mostEntries + 5 }, (_, index) => line(5n, index.toString(16).padStart(4, '0')));
  const { notes } = await readPage(lokiOf(same), { fromNs: 0n, toNs: 10n }, { limit: 10, order: 'oldest' });
  expect(notes[0]).toContain('More than 5000 lines have one time');
});
