'use client';
import { formatAge, formatDateTime } from './format-time.ts';
import { useNow } from './use-now.ts';

export interface AgeProps {
  /** The instant, in milliseconds or as RFC 3339. */
  at: number | string;
  /** Put after the length; an empty string leaves only the length. */
  suffix?: string;
}

/** How long ago something was, kept up to date. */
export function Age({ at, suffix = ' ago' }: AgeProps) {
  const ms = typeof at === 'string' ? Date.parse(at) : at;
  const now = useNow();
  return (
    <time dateTime={new Date(ms).toISOString()} title={`${formatDateTime(ms, 'utc')} UTC`}>
      {now === null ? '…' : `${formatAge(now - ms)}${suffix}`}
    </time>
  );
}
