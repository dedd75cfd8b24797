import { AppError } from '#lib/core/errors.ts';
import type { Probe } from './source-list.ts';
import type { SourceTest } from './source-schemas.ts';

const timeoutMs = 5_000;

/** Asks one engine now. Never throws: what went wrong is in `error`, as a sentence. */
export async function probeSource(probe: Probe, signal?: AbortSignal): Promise<SourceTest> {
  const started = performance.now();
  const done = (ok: boolean, version: string | null, error: string | null): SourceTest => ({
    id: probe.id,
    ok,
    latencyMs: Math.round(performance.now() - started),
    version,
    error,
  });
  if (!probe.ask) return done(false, null, `${probe.setting} is not set.`);
  const limit = AbortSignal.timeout(timeoutMs);
  try {
    return done(true, await probe.ask(signal ? AbortSignal.any([signal, limit]) : limit), null);
  } catch (error) {
    return done(false, null, limit.aborted ? silence(probe) : inWords(error, probe));
  }
}

const silence = ({ name, url }: Probe) => `${name} at ${url ?? 'no address'} gave no answer in ${timeoutMs / 1_000} s.`;

const words: Record<string, string> = {
  ECONNREFUSED: 'refuses the connection; is it running?',
  ENOTFOUND: 'has a host name that is not known.',
  ECONNRESET: 'closed the connection.',
  EHOSTUNREACH: 'cannot be reached from here.',
  ETIMEDOUT: 'does not answer.',
  CERT_HAS_EXPIRED: 'has a certificate that has expired.',
};

function inWords(error: unknown, { name, url }: Probe): string {
  if (error instanceof AppError) return error.detail;
  const where = `${name} at ${url ?? 'no address'}`;
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const code = (cause as { code?: unknown }).code;
    if (typeof code === 'string' && words[code]) return `${where} ${words[code]}`;
    if (cause instanceof AggregateError && cause.errors[0] instanceof Error)
      return inWords(cause.errors[0], { name, url } as Probe);
  }
  return `${where}: ${error instanceof Error ? error.message : 'failed'}`;
}
