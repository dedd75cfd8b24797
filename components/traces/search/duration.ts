import { formatValue } from '#components/charts/units.ts';

const unitMs: Record<string, number> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
};
const longestMs = 30 * 24 * unitMs.h!;
const part = /(\d+(?:[.,]\d+)?|[.,]\d+)\s*(ns|us|µs|μs|ms|min|s|m|h)/giy;

/**
 * Reads `250ms`, `1.2s`, `1,2 s`, `1m30s` into milliseconds. What is no duration comes back as a sentence part
 * (`must …`).
 */
export function parseDuration(text: string): number | string {
  const given = text.trim();
  if (/^\d+([.,]\d+)?$/.test(given) && Number(given.replace(',', '.')) !== 0)
    return `must have a unit, such as ${given}ms or ${given}s`;
  if (/^0+$/.test(given)) return 0;
  let ms = 0;
  let at = 0;
  part.lastIndex = 0;
  for (let found = part.exec(given); found; found = part.exec(given)) {
    ms += Number((found[1] ?? '').replace(',', '.')) * (unitMs[(found[2] ?? '').toLowerCase()] ?? Number.NaN);
    at = part.lastIndex + (/^\s*/.exec(given.slice(part.lastIndex))?.[0].length ?? 0);
    part.lastIndex = at;
  }
  if (at === 0 || at < given.length) return 'must be a duration, such as 250ms or 1.2s';
  if (ms > longestMs) return 'must be 30 days or less';
  return Number(ms.toPrecision(12));
}

/** Writes what `parseDuration` reads, in the unit that reads best: `250ms`, `1.2s`, `90s`. */
export function formatDuration(ms: number): string {
  if (ms === 0) return '0ms';
  const text = (value: number) => String(Number(value.toPrecision(12)));
  if (ms >= 1_000) return `${text(ms / 1_000)}s`;
  if (ms >= 1) return `${text(ms)}ms`;
  return `${text(ms * 1_000)}us`;
}

/** Two durations as people say them, the unit once where it is the same: `1.15 to 2.6 s`, `80 ms to 1.2 s`. */
export function durationSpan(minMs: number, maxMs: number): string {
  const [low, high] = [formatValue(minMs, 'milliseconds'), formatValue(maxMs, 'milliseconds')];
  const unit = (text: string) => text.slice(text.indexOf(' '));
  return unit(low) === unit(high) ? `${low.slice(0, low.indexOf(' '))} to ${high}` : `${low} to ${high}`;
}

/** Least and greatest duration in words: `any duration`, `250 ms or more`, `80 ms to 1.2 s`. */
export function durationWords(minMs: number | null, maxMs: number | null): string {
  if (minMs === null && maxMs === null) return 'any duration';
  if (maxMs === null) return `${formatValue(minMs, 'milliseconds')} or more`;
  if (minMs === null) return `up to ${formatValue(maxMs, 'milliseconds')}`;
  return durationSpan(minMs, maxMs);
}
