/** What is known around the first sample of a series. */
export interface Evidence {
  /** When its target (job and instance) was first seen to be scraped. */
  targetSeenMs: number | null;
  /** When the process behind the target began, as it says itself (`process_start_time_seconds`). */
  processStartMs: number | null;
  /** When any series of the indicator was first seen. */
  seenMs: number | null;
  /** How often is scraped. */
  intervalMs: number;
}

/** So far back a process may have begun before its first scrape, while others were scraped. */
export const lookBackMs = 3_600_000;
/** The same where nothing was scraped before: Prometheus itself has just begun to look. */
const justBegunMs = 300_000;

/**
 * Whether a series without any earlier sample was born between two scrapes, so that its first value counts in full.
 * Otherwise it may be a counter that ran long before anyone looked, and its first value is only where counting begins.
 * The first of these that knows decides:
 * 1. its target was scraped before, and the series was not there: newborn;
 * 2. the process says when it began: newborn if that is less than an hour before, or five minutes where no series of
 *    the indicator was scraped before;
 * 3. other series of the indicator were scraped before, for longer than the first round of scrapes takes: newborn, a
 *    replica more.
 */
export function isNewborn(atMs: number, { targetSeenMs, processStartMs, seenMs, intervalMs }: Evidence): boolean {
  if (targetSeenMs !== null && targetSeenMs < atMs) return true;
  const othersBefore = seenMs !== null && seenMs < atMs - Math.max(60_000, 3 * intervalMs);
  if (processStartMs !== null) return processStartMs >= atMs - (othersBefore ? lookBackMs : justBegunMs);
  return othersBefore;
}
