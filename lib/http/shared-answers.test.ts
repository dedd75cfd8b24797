import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Answer, SharedAnswers } from './shared-answers.ts';

const answer = (body: string): Answer => ({ body, etag: `"${body}"`, madeAt: Date.now() });

let answers: SharedAnswers;
let made = 0;
const make = async () => answer(`answer ${++made}`);

beforeEach(() => {
  answers = new SharedAnswers();
  made = 0;
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a shared answer', () => {
  test('is made once for all who ask at once', async () => {
    const { promise, resolve } = Promise.withResolvers<Answer>();
    const slow = vi.fn(() => promise);
    const asked = Array.from({ length: 50 }, () => answers.get('k', 1_000, slow));
    resolve(answer('one'));
    expect(new Set((await Promise.all(asked)).map(({ body }) => body))).toEqual(new Set(['one']));
    expect(slow).toHaveBeenCalledTimes(1);
  });

  test('is kept for its time and then made anew', async () => {
    expect((await answers.get('k', 1_000, make)).body).toBe('answer 1');
    vi.advanceTimersByTime(999);
    expect((await answers.get('k', 1_000, make)).body).toBe('answer 1');
    vi.advanceTimersByTime(1);
    expect((await answers.get('k', 1_000, make)).body).toBe('answer 2');
  });

  test('belongs to its key only', async () => {
    expect((await answers.get('a', 1_000, make)).body).toBe('answer 1');
    expect((await answers.get('b', 1_000, make)).body).toBe('answer 2');
  });

  test('that failed is told to those who wait, and not kept', async () => {
    const { promise, reject } = Promise.withResolvers<Answer>();
    const failing = vi.fn(() => promise);
    const asked = Promise.allSettled([answers.get('k', 1_000, failing), answers.get('k', 1_000, failing)]);
    reject(new Error('down'));
    expect((await asked).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(failing).toHaveBeenCalledTimes(1);
    expect((await answers.get('k', 1_000, make)).body).toBe('answer 1');
  });

  test('does not pile up: the oldest gives way', async () => {
    await answers.get('first', 60_000, make);
    for (let index = 0; index < 500; index++) await answers.get(`key ${index}`, 60_000, make);
    const before = made;
    await answers.get('key 499', 60_000, make);
    expect(made).toBe(before);
    await answers.get('first', 60_000, make);
    expect(made).toBe(before + 1);
  });
});
