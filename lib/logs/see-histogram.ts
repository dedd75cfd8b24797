import { type LogHistogram as Counted, emptyCounts, type LogQuery } from '#lib/adapters/logs/index.ts';
import type { LogHistogram } from './schemas.ts';
import { askAll, chosenSources, notesOf } from './sources.ts';

/** How many lines over time, by level, in all sources together; the range is widened to whole buckets. */
export async function seeHistogram(
  query: LogQuery,
  buckets: number,
  sourceId?: string,
  signal?: AbortSignal,
): Promise<LogHistogram> {
  const asked = await askAll(chosenSources(sourceId), 'log_histogram', (source) =>
    source.histogram(query, buckets, { signal }),
  );
  const answers = asked.flatMap(({ answer }) => answer ?? []);
  const { fromMs, stepMs, counts } = addHistograms(answers);
  return {
    from: new Date(fromMs).toISOString(),
    stepMs,
    counts,
    total: Object.values(counts)
      .flat()
      .reduce((sum, count) => sum + count, 0),
    exact: asked.every(({ answer }) => answer?.exact === true),
    notes: notesOf(asked),
    sources: asked.map(({ outcome }) => outcome),
  };
}

/** Adds counts bucket by bucket, from where every one of them has begun to count. They have one step. */
export function addHistograms(answers: readonly Counted[]): Pick<Counted, 'fromMs' | 'stepMs' | 'counts'> {
  const stepMs = answers[0]?.stepMs ?? 1;
  const fromMs = Math.max(...answers.map((answer) => answer.fromMs));
  const skipped = (answer: Counted) => Math.round((fromMs - answer.fromMs) / stepMs);
  const length = Math.max(...answers.map((answer) => answer.counts.info.length - skipped(answer)));
  const counts = emptyCounts(length);
  for (const answer of answers) {
    for (const [level, of] of Object.entries(counts) as [keyof typeof counts, number[]][]) {
      answer.counts[level].slice(skipped(answer)).forEach((count, index) => {
        of[index] = (of[index] ?? 0) + count;
      });
    }
  }
  return { fromMs, stepMs, counts };
}
