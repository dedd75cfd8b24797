/**
 * How long the caller still waits, in milliseconds.
 * A remaining time, as in gRPC, rather than an instant: the clocks of two machines need not agree.
 */
export const DEADLINE_HEADER = 'x-request-timeout-ms';

const MAX_MS = 600_000;

/** The instant (`performance.now()`) at which the caller gives up, or undefined when the header says nothing usable. */
export function deadlineOf(header: string | string[] | undefined, nowMs: number): number | undefined {
  if (typeof header !== 'string' || !/^\d{1,9}$/.test(header)) return undefined;
  return nowMs + Math.min(Number(header), MAX_MS);
}
