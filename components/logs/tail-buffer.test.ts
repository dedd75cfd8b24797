import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LogLine } from '#lib/logs/schemas.ts';
import { arrive, drop, emptyBuffer, release, type TailBuffer } from './tail-buffer.ts';

const line = (time: number, id = `l${time}`) => ({ id, timeNs: String(time) }) as LogLine;
const ids = (lines: readonly LogLine[]) => lines.map(({ id }) => id);

describe('the buffer of a tail', () => {
  test('is newest first, whenever a line came; each stands once', () => {
    let buffer = arrive(emptyBuffer, [line(5), line(9), line(7)], false);
    buffer = arrive(buffer, [line(8), line(5), line(100)], false);
    expect(ids(buffer.lines)).toEqual(['l100', 'l9', 'l8', 'l7', 'l5']);
  });

  test('keeps what comes while held apart, and shows it when let', () => {
    let buffer = arrive(emptyBuffer, [line(1)], false);
    buffer = arrive(buffer, [line(2), line(1)], true);
    buffer = arrive(buffer, [line(3), line(2)], true);
    expect([ids(buffer.lines), ids(buffer.waiting)]).toEqual([['l1'], ['l3', 'l2']]);
    buffer = release(buffer);
    expect([ids(buffer.lines), buffer.waiting]).toEqual([['l3', 'l2', 'l1'], []]);
  });

  test('is bounded, shown and waiting alike, and counts what it let go', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 8 }), fc.boolean(), fc.boolean())),
        fc.integer({ min: 1, max: 6 }),
        (steps, most) => {
          let buffer: TailBuffer = emptyBuffer;
          for (const [times, isHeld, isReleased] of steps) {
            buffer = arrive(
              buffer,
              times.map((time) => line(time)),
              isHeld,
              most,
            );
            if (isReleased) buffer = release(buffer, most);
            for (const list of [buffer.lines, buffer.waiting]) {
              expect(list.length).toBeLessThanOrEqual(most);
              expect(new Set(ids(list)).size).toBe(list.length);
              const times = list.map(({ timeNs }) => Number(timeNs));
              expect(times).toEqual(times.toSorted((a, b) => b - a));
            }
          }
        },
      ),
    );
    expect(arrive(emptyBuffer, [line(1), line(2), line(3)], false, 2)).toMatchObject({ letGo: 1 });
  });

  test('says what the server left out, and whether all of it was counted', () => {
    const counted = drop(drop(emptyBuffer, 3), 4);
    expect([counted.dropped, counted.isDroppedExact]).toEqual([7, true]);
    expect(drop(counted, null)).toMatchObject({ dropped: 7, isDroppedExact: false });
  });
});
