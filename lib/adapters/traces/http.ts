import { Agent, request } from 'undici';
import { once } from '#lib/core/registry.ts';
import { TraceSourceError, type TraceSourceErrorKind } from './errors.ts';
import type { CallOptions } from './port.ts';

/** Where a backend is and how it is asked. */
export interface Endpoint {
  /** Of the source, as it stands in errors. */
  sourceId: string;
  /** Without credentials. */
  url: string;
  headers: Record<string, string>;
  timeoutMs: number;
  /** Of one answer. */
  maxBytes: number;
}

export interface HttpAnswer {
  status: number;
  contentType: string;
  body: Buffer;
}

const mostBytes = 96 * 1024 * 1024;
const mostAtOnce = 16;

const agent = () => once('traces.agent', () => new Agent({ connections: mostAtOnce, keepAliveTimeout: 10_000 }));

/** An endpoint from a setting: user and password of the address become a header. */
export function endpointOf(
  sourceId: string,
  address: string,
  options: { token?: string | undefined; tenant?: string | undefined; timeoutMs: number; maxBytes?: number },
): Endpoint {
  const url = new URL(address);
  const { username, password } = url;
  url.username = '';
  url.password = '';
  const basic = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
  return {
    sourceId,
    url: url
      .toString()
      .replace(/[?#].*$/, '')
      .replace(/\/+$/, ''),
    headers: {
      ...(options.token
        ? { authorization: `Bearer ${options.token}` }
        : username
          ? { authorization: `Basic ${basic}` }
          : {}),
      ...(options.tenant ? { 'x-scope-orgid': options.tenant } : {}),
    },
    timeoutMs: options.timeoutMs,
    maxBytes: options.maxBytes ?? mostBytes,
  };
}

/**
 * One GET below the endpoint, whatever its status. Redirects are not followed; the body is read up to the limit and
 * within the time. Rejects with `TraceSourceError`, whose sentences name the host alone.
 */
export async function get(
  endpoint: Endpoint,
  path: string,
  parameters: URLSearchParams | null,
  {
    signal,
    accept = 'application/json',
    timeoutMs = endpoint.timeoutMs,
  }: CallOptions & { accept?: string; timeoutMs?: number } = {},
): Promise<HttpAnswer> {
  const query = parameters?.size ? `?${parameters}` : '';
  const deadline = AbortSignal.timeout(Math.max(1, Math.round(timeoutMs)));
  const either = signal ? AbortSignal.any([signal, deadline]) : deadline;
  try {
    const answer = await request(`${endpoint.url}${path}${query}`, {
      dispatcher: agent(),
      headers: { accept, ...endpoint.headers },
      signal: either,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > endpoint.maxBytes) throw tooLarge(endpoint);
      chunks.push(chunk);
    }
    const type = answer.headers['content-type'];
    return {
      status: answer.statusCode,
      contentType:
        String(type ?? '')
          .split(';')[0]
          ?.trim()
          .toLowerCase() ?? '',
      body: Buffer.concat(chunks),
    };
  } catch (error) {
    throw connectionError(endpoint, error, { late: deadline.aborted, aborted: either.aborted, timeoutMs });
  }
}

export function sourceError(
  { sourceId }: Endpoint,
  kind: TraceSourceErrorKind,
  detail: string,
  cause?: unknown,
): TraceSourceError {
  return new TraceSourceError(sourceId, kind, detail, { cause });
}

export function hostOf({ url }: Endpoint): string {
  return new URL(url).host;
}

function tooLarge(endpoint: Endpoint): TraceSourceError {
  const limit = `${Math.floor(endpoint.maxBytes / 1024 / 1024)} MiB`;
  return sourceError(endpoint, 'too_large', `${hostOf(endpoint)} answered with more than ${limit}.`);
}

function connectionError(
  endpoint: Endpoint,
  error: unknown,
  { late, aborted, timeoutMs }: { late: boolean; aborted: boolean; timeoutMs: number },
): TraceSourceError {
  if (error instanceof TraceSourceError) return error;
  const host = hostOf(endpoint);
  const say = (kind: TraceSourceErrorKind, detail: string) => sourceError(endpoint, kind, detail, error);
  if (late) return say('timeout', `${host} gave no answer within ${Math.round(timeoutMs / 100) / 10} s.`);
  if (aborted) return say('timeout', 'The question was given up before the answer came.');
  const code = (error as { code?: unknown } | null)?.code;
  switch (code) {
    case 'ECONNREFUSED':
      return say('unreachable', `Nothing listens at ${host}: the connection was refused.`);
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return say('unreachable', `The name in ${host} cannot be resolved.`);
    case 'UND_ERR_CONNECT_TIMEOUT':
      return say('unreachable', `${host} cannot be connected to.`);
    case 'UND_ERR_SOCKET':
    case 'ECONNRESET':
    case 'EPIPE':
      return say('garbled', `The connection to ${host} broke off before the answer was complete.`);
  }
  const named = typeof code === 'string' ? ` (${code})` : '';
  if (/CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO_VERIFY/.test(String(code))) {
    return say('unreachable', `The certificate of ${host} cannot be verified${named}.`);
  }
  const isParser = (error as { name?: unknown } | null)?.name === 'HTTPParserError';
  if (isParser || /^(HPE_|UND_ERR_(RESPONSE|REQ|RES|HEADERS|INVALID))/.test(String(code))) {
    return say('garbled', `${host} does not answer as an HTTP server should${named}.`);
  }
  return say('unreachable', `${host} cannot be reached${named}.`);
}

/** Puts an answer that is no success into words. */
export function statusError(endpoint: Endpoint, answer: HttpAnswer): TraceSourceError {
  const host = hostOf(endpoint);
  const said = messageOf(answer);
  const say = (kind: TraceSourceErrorKind, detail: string) => sourceError(endpoint, kind, detail);
  const { status } = answer;
  if (status === 401) return say('refused', `${host} asks for credentials (401). Set or renew them.`);
  if (status === 403) return say('refused', `${host} does not let us in with these credentials (403).`);
  if (status >= 300 && status < 400) {
    return say('garbled', `${host} redirects elsewhere (${status}). Set the address that it redirects to.`);
  }
  if (status === 404 || status === 405) {
    return say('garbled', `${host} does not have this part of its API (${status}). Check the path of its address.`);
  }
  if (status === 413 || status === 422) {
    return say('too_large', `This is more than ${host} hands out at once (${status})${said ? `: ${said}` : '.'}`);
  }
  if (status === 400) return say('bad_query', `${host} does not accept the search${said ? `: ${said}` : '.'}`);
  if (status === 429) return say('unreachable', `${host} limits the number of questions (429). Try again in a moment.`);
  if (status === 504) return say('timeout', `${host} gave the question up because it took too long (504).`);
  return say('unreachable', `${host} answered ${status}${said ? `: ${said}` : ', without saying why.'}`);
}

/** What a backend says of its failure, in one line: plain text, or JSON as Jaeger writes it in two ways. */
function messageOf({ contentType, body }: HttpAnswer): string {
  if (contentType === 'text/html') return '';
  const text = body.subarray(0, 10_000).toString('utf8');
  const parsed = tryJson(text) as
    | { error?: { message?: unknown }; errors?: { msg?: unknown }[]; message?: unknown }
    | null
    | undefined;
  const found = parsed?.error?.message ?? parsed?.errors?.[0]?.msg ?? parsed?.message;
  const line = (typeof found === 'string' ? found : parsed === undefined ? text : '').replace(/\s+/g, ' ').trim();
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The JSON of a success. Whole numbers that a double cannot hold arrive as strings in these APIs. */
export function jsonOf(endpoint: Endpoint, answer: HttpAnswer): unknown {
  const host = hostOf(endpoint);
  const start = answer.body.subarray(0, 200).toString('utf8').trimStart().toLowerCase();
  if (start === '') throw sourceError(endpoint, 'garbled', `${host} answered with nothing.`);
  if (start.startsWith('<')) {
    throw sourceError(
      endpoint,
      'garbled',
      `${host} answered with a web page instead of data. Check the path, or whether a sign-in page stands before it.`,
    );
  }
  try {
    return JSON.parse(answer.body.toString('utf8'));
  } catch (error) {
    const what = /^[[{]/.test(start) ? 'broke off before its end, or is no JSON' : 'is no JSON';
    throw sourceError(endpoint, 'garbled', `The answer of ${host} ${what}.`, error);
  }
}
