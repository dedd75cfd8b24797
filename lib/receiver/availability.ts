/** Whether Postgres takes what is stored. While it does not, it is asked again and again until it does. */
export interface Availability {
  /** Why it does not, with since when; absent while it does. */
  down(): { reason: string; since: Date } | undefined;
  report(error: Error): void;
  stop(): void;
}

export function watchAvailability(
  { check, onChange }: { check(): Promise<void>; onChange(down: { reason: string; since: Date } | undefined): void },
  everyMs = 1_000,
): Availability {
  let down: { reason: string; since: Date } | undefined = { reason: 'not asked yet', since: new Date() };
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  async function probe(): Promise<void> {
    timer = undefined;
    try {
      await check();
      down = undefined;
      onChange(undefined);
    } catch (error) {
      report(error as Error);
    }
  }

  function report(error: Error): void {
    const changed = down?.reason !== error.message;
    down = { reason: error.message, since: down?.since ?? new Date() };
    if (changed) onChange(down);
    if (!stopped) timer ??= setTimeout(probe, everyMs);
  }

  timer = setTimeout(probe, 0);
  return {
    down: () => down,
    report,
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
