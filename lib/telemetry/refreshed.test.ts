import { describe, expect, it } from 'vitest';
import { refreshed } from './refreshed.ts';

describe('an answer that many look at', () => {
  it('is made once for all who come first', async () => {
    let made = 0;
    const all = await Promise.all(
      Array.from({ length: 20 }, () =>
        refreshed(
          'first',
          1_000,
          async () => ++made,
          () => 0,
        ),
      ),
    );
    expect(new Set(all)).toEqual(new Set([1]));
  });

  it('is made again behind the back of who comes a step later, and waited for after two', async () => {
    let nowMs = 0;
    let made = 0;
    const ask = () =>
      refreshed(
        'later',
        1_000,
        async (before) => [...((before as number[]) ?? []), ++made],
        () => nowMs,
      );
    expect(await ask()).toEqual([1]);
    nowMs = 999;
    expect(await ask()).toEqual([1]);
    nowMs = 1_000;
    expect(await ask()).toEqual([1]);
    await new Promise((resolve) => setTimeout(resolve));
    expect(await ask()).toEqual([1, 2]);
    nowMs = 5_000;
    expect(await ask()).toEqual([1, 2, 3]);
  });

  it('fails for those who wait, and is tried again', async () => {
    let nowMs = 0;
    const fail = () =>
      refreshed(
        'fails',
        1_000,
        () => Promise.reject(new Error('down')),
        () => nowMs,
      );
    await expect(fail()).rejects.toThrow('down');
    nowMs += 1;
    expect(
      await refreshed(
        'fails',
        1_000,
        async () => 'up',
        () => nowMs,
      ),
    ).toBe('up');
  });
});
