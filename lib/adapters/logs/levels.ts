import { type LogLevel, logLevels } from './port.ts';

export const levelNames = Object.keys(logLevels) as LogLevel[];

/** The level of an OpenTelemetry severity number (1 to 24); null for anything else. */
export function levelOf(severity: number): LogLevel | null {
  if (!(severity >= 1 && severity <= 24)) return null;
  return levelNames.findLast((level) => logLevels[level] <= severity) ?? null;
}

/** No line counted yet, by level. */
export function emptyCounts(buckets: number): Record<LogLevel | 'none', number[]> {
  const zeros = () => new Array<number>(buckets).fill(0);
  return {
    trace: zeros(),
    debug: zeros(),
    info: zeros(),
    warn: zeros(),
    error: zeros(),
    fatal: zeros(),
    none: zeros(),
  };
}
