import type { DiagLogger } from '@opentelemetry/api';

const EVERY_MS = 60_000;

/**
 * The SDK's complaints as JSON lines, at most one a minute: while a receiver is away each batch would bring one.
 * Writes to standard error, never to the exported log, which would feed itself.
 */
export function quietDiagnostics(
  write: (line: string) => void = (line) => process.stderr.write(line),
  now: () => number = Date.now,
): DiagLogger {
  let lastAt = Number.NEGATIVE_INFINITY;
  let left = 0;
  const complain = (level: string) => (message: string) => {
    if (now() - lastAt < EVERY_MS) {
      left += 1;
      return;
    }
    const msg = `telemetry: ${String(message).slice(0, 300)}`;
    write(`${JSON.stringify({ time: new Date(now()).toISOString(), level, msg, left_out: left })}\n`);
    lastAt = now();
    left = 0;
  };
  const silent = () => {};
  return { error: complain('error'), warn: complain('warn'), info: silent, debug: silent, verbose: silent };
}
