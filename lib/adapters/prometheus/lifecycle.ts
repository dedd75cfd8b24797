import * as z from 'zod';
import { connectionError, parserPosition, statusError } from './errors.ts';
import type { PrometheusSource } from './port.ts';
import { hostOf } from './transport.ts';

export type ReloadOutcome =
  | { outcome: 'reloaded' }
  /** It reads its configuration by itself or on a signal only. */
  | { outcome: 'not_offered'; reason: string }
  /** It keeps what it had. */
  | { outcome: 'refused'; reason: string }
  | { outcome: 'unreachable'; reason: string };

/** Has Prometheus read its configuration and its rule files again. Never throws but for an abort. */
export async function reloadPrometheus(source: PrometheusSource, signal?: AbortSignal): Promise<ReloadOutcome> {
  const host = hostOf(source.url);
  const answer = await send(source, '/-/reload', { method: 'POST' }, signal);
  if ('failure' in answer) return { outcome: 'unreachable', reason: answer.failure };
  const { status, text } = answer;
  if (status >= 200 && status < 300) return { outcome: 'reloaded' };
  if (status === 403 || status === 404 || status === 405 || (status >= 300 && status < 400)) {
    const reason = `${host} takes no reload (${status}): start it with --web.enable-lifecycle, or have it reload by itself.`;
    return { outcome: 'not_offered', reason };
  }
  if (status === 401 || status === 429 || status === 502 || status === 503 || status === 504) {
    return { outcome: 'unreachable', reason: statusError(status, null, host).detail };
  }
  const said = text.replace(/\s+/g, ' ').trim().slice(0, 300);
  return { outcome: 'refused', reason: said || `${host} answered ${status}` };
}

const formatted = z.object({ status: z.string(), error: z.string().optional(), errorType: z.string().optional() });

/**
 * What Prometheus itself finds wrong with an expression, its types included, without evaluating it; null where it finds
 * nothing or does not offer to look.
 */
export async function objectionOfEngine(
  source: PrometheusSource,
  expression: string,
  signal?: AbortSignal,
): Promise<string | null> {
  const body = new URLSearchParams({ query: expression });
  const answer = await send(source, '/api/v1/format_query', { method: 'POST', body }, signal);
  if ('failure' in answer || answer.status !== 400) return null;
  try {
    const { error, errorType } = formatted.parse(JSON.parse(answer.text));
    if (errorType !== 'bad_data' || !error) return null;
    const parsed = parserPosition(error);
    return parsed ? `${parsed.message} (column ${parsed.position.column})` : error.slice(0, 300);
  } catch {
    return null;
  }
}

const longestMs = 30_000;

async function send(
  source: PrometheusSource,
  path: string,
  request: RequestInit,
  signal?: AbortSignal,
): Promise<{ status: number; text: string } | { failure: string }> {
  const timeout = AbortSignal.timeout(longestMs);
  try {
    const response = await fetch(`${source.url.replace(/\/+$/, '')}${path}`, {
      ...request,
      headers: { ...source.headers, ...authorization(source.auth) },
      redirect: 'manual',
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    signal?.throwIfAborted();
    const cause = timeout.aborted ? { code: 'ETIMEDOUT' } : ((error as Error).cause ?? error);
    return { failure: connectionError(cause, hostOf(source.url), longestMs).detail };
  }
}

function authorization(auth: PrometheusSource['auth']): Record<string, string> {
  if (!auth) return {};
  if (auth.kind === 'bearer') return { Authorization: `Bearer ${auth.token}` };
  return { Authorization: `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}` };
}
