import { expect, it } from 'vitest';
import { createLogger } from './log.ts';
import { repeat } from './repeat.ts';
import { waitFor } from './testing/process.ts';

const logged = () => {
  const lines: Record<string, unknown>[] = [];
  return { lines, log: createLogger({ service: 'test', write: (line) => lines.push(JSON.parse(line)) }) };
};

it('runs again and again, and stops after the run that is going on', async () => {
  let running = 0;
  let runs = 0;
  const work = repeat('work', 1, logged().log, async () => {
    running += 1;
    await new Promise((resolve) => setTimeout(resolve, 5));
    running -= 1;
    runs += 1;
  });
  await waitFor(() => runs >= 3, 'three runs');
  await work.stop();
  expect(running).toBe(0);
  const after = runs;
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(runs).toBe(after);
});

it('runs at once when kicked, also when that comes during a run', async () => {
  let runs = 0;
  const work = repeat('work', 60_000, logged().log, async () => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    runs += 1;
    if (runs === 1) work.kick();
  });
  await waitFor(() => runs === 2, 'the second run');
  work.kick();
  await waitFor(() => runs === 3, 'the third run');
  await work.stop();
});

it('goes on without a pause while there is more to do', async () => {
  let runs = 0;
  const work = repeat('work', 60_000, logged().log, async () => ++runs < 5);
  await waitFor(() => runs === 5, 'five runs');
  await work.stop();
});

it('logs a failure once, and that it is over', async () => {
  const { lines, log } = logged();
  let runs = 0;
  const work = repeat('work', 1, log, async () => {
    runs += 1;
    if (runs <= 3) throw new Error('no');
  });
  await waitFor(() => runs >= 5, 'a run after the failures');
  await work.stop();
  expect(lines.map((line) => line.msg)).toEqual(['work failed, it is tried again', 'work works again']);
});
