/** Why items of a request were not kept; it becomes the `partial_success` of the answer. */
export function refusals() {
  const counts = new Map<string, number>();
  return {
    add(reason: string): void {
      counts.set(reason, (counts.get(reason) ?? 0) + 1);
    },
    build(): Refusals {
      const reasons = [...counts].map(([reason, count]) => ({ reason, count }));
      return { count: reasons.reduce((sum, { count }) => sum + count, 0), reasons };
    },
  };
}

export interface Refusals {
  count: number;
  reasons: { reason: string; count: number }[];
}

/** Times outside of what is kept, or too far ahead of our clock, are refused. Nanoseconds since 1970. */
export interface TimeWindow {
  fromNs: bigint;
  toNs: bigint;
}

export const nsPerHour = 3_600_000_000_000n;
const largestInteger = 2_147_483_647;

/** A protobuf uint32 as a Postgres integer. */
export function boundedInteger(value: number): string {
  return String(Math.min(value, largestInteger));
}
