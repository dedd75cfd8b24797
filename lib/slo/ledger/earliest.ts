import type { Prometheus } from '#lib/adapters/prometheus/index.ts';

const hourMs = 3_600_000;

/**
 * When the first of the series of some selectors begins, to within an hour and never later than it does; null where
 * none has a sample. Looks no further back than `fromMs`; asks the index only, a dozen times.
 */
export async function earliestSample(
  prometheus: Prometheus,
  selectors: readonly string[],
  { fromMs, toMs }: { fromMs: number; toMs: number },
  signal?: AbortSignal,
): Promise<number | null> {
  const isThere = async (untilMs: number) => {
    const { data } = await prometheus.series(
      [...selectors],
      { fromMs, toMs: untilMs, limit: 1 },
      signal ? { signal } : {},
    );
    return data.length > 0;
  };
  if (selectors.length === 0 || !(await isThere(toMs))) return null;
  let [without, within] = [fromMs, toMs];
  while (within - without > hourMs) {
    const middle = (without + within) / 2;
    if (await isThere(middle)) within = middle;
    else without = middle;
  }
  return without;
}
