import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { PrometheusDriver } from 'prometheus-query';
import { once } from '#lib/core/registry.ts';
import { envelope } from './answer.ts';
import { connectionError, PrometheusError, statusError } from './errors.ts';
import type { PrometheusSource } from './port.ts';

const methodRefused = 405;
const maxAnswerBytes = 64 * 1024 * 1024;

export interface RawAnswer {
  data: unknown;
  warnings: string[];
}

export interface Request {
  signal: AbortSignal;
  timeoutMs: number;
}

const agents = () =>
  once('prometheus.agents', () => ({
    http: new HttpAgent({ keepAlive: true, maxSockets: 32 }),
    https: new HttpsAgent({ keepAlive: true, maxSockets: 32 }),
    /** Addresses that refuse POST, as read-only proxies do. */
    readOnly: new Set<string>(),
  }));

/**
 * One call through prometheus-query. The library has no abort, drops warnings, and turns `+Inf` into `NaN` while
 * making an object and a `Date` of each sample; so the request gets our signal and limits on its way out, and the
 * body is taken and checked on its way in, before the library reads it.
 */
export async function call(
  source: PrometheusSource,
  request: Request,
  send: (driver: PrometheusDriver) => Promise<unknown>,
  empty: unknown,
): Promise<RawAnswer> {
  const { readOnly } = agents();
  if (!readOnly.has(source.url)) {
    try {
      return await attempt(source, request, send, empty, true);
    } catch (error) {
      if ((error as PrometheusError).httpStatus !== methodRefused) throw error;
      readOnly.add(source.url);
    }
  }
  return attempt(source, request, send, empty, false);
}

async function attempt(
  source: PrometheusSource,
  { signal, timeoutMs }: Request,
  send: (driver: PrometheusDriver) => Promise<unknown>,
  empty: unknown,
  preferPost: boolean,
): Promise<RawAnswer> {
  const host = hostOf(source.url);
  let answer: RawAnswer | undefined;
  let failure: PrometheusError | undefined;
  const { auth } = source;
  const driver = new PrometheusDriver({
    endpoint: source.url.replace(/\/+$/, ''),
    timeout: timeoutMs,
    preferPost,
    headers: {
      Accept: 'application/json',
      ...source.headers,
      ...(auth?.kind === 'bearer' ? { Authorization: `Bearer ${auth.token}` } : {}),
    },
    ...(auth?.kind === 'basic' ? { auth: { username: auth.username, password: auth.password } } : {}),
    requestInterceptor: {
      onFulfilled: (request) => {
        const { http, https } = agents();
        request.signal = signal;
        request.responseType = 'text';
        request.transformResponse = [(body: unknown) => body];
        request.validateStatus = () => true;
        request.maxRedirects = 0;
        request.maxContentLength = maxAnswerBytes;
        request.httpAgent = http;
        request.httpsAgent = https;
        request.transitional = { clarifyTimeoutError: true };
        if (isLoopback(source.url)) request.proxy = false;
        return request;
      },
    },
    responseInterceptor: {
      onFulfilled: (response) => {
        try {
          answer = readBody(response.status, String(response.data ?? ''), host);
        } catch (error) {
          failure = error as PrometheusError;
          throw error;
        }
        response.data = { status: 'success', data: empty };
        return response;
      },
      onRejected: (error) => {
        failure = connectionError(signal.aborted ? { code: 'ERR_CANCELED' } : error, host, timeoutMs);
        throw failure;
      },
    },
  });
  try {
    await send(driver);
  } catch (error) {
    throw failure ?? connectionError(error, host, timeoutMs);
  }
  if (!answer) throw new PrometheusError('garbled', `${host} gave no answer that can be read.`);
  return answer;
}

/** A GET of an endpoint that the library does not offer, or not as the API has it (`targets` loses its filter). */
export function get(driver: PrometheusDriver, path: string, params: Record<string, unknown>): Promise<unknown> {
  // biome-ignore lint/complexity/useLiteralKeys: the method is private in the types; brackets are the way in
  return driver['request']('GET', path, params, undefined);
}

function readBody(status: number, body: string, host: string): RawAnswer {
  const parsed = parseEnvelope(body);
  const success = status >= 200 && status < 300;
  if (!success) throw statusError(status, parsed, host);
  if (!parsed) throw new PrometheusError('garbled', describeGarbage(body, host));
  if (parsed.status === 'error') throw statusError(status, parsed, host);
  return { data: parsed.data, warnings: [...(parsed.warnings ?? []), ...(parsed.infos ?? [])] };
}

function parseEnvelope(body: string) {
  try {
    const parsed = envelope.safeParse(JSON.parse(body));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

function describeGarbage(body: string, host: string): string {
  const start = body.slice(0, 200).trimStart().toLowerCase();
  if (start.startsWith('<!doctype') || start.startsWith('<html')) {
    return `${host} answered with a web page instead of data. Check the path, or whether a sign-in page stands before it.`;
  }
  if (start === '') return `${host} answered with nothing.`;
  if (start.startsWith('{"status"')) return `The answer of ${host} broke off before its end.`;
  return `${host} answered with something that is not the Prometheus API.`;
}

/** host:port of an address, without credentials. */
export function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return url;
  }
}

function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
}
