import { LogSourceError } from '../errors.ts';
import type { CallOptions } from '../port.ts';

export interface LokiConfig {
  id: string;
  name: string;
  /** Without credentials. */
  url: string;
  headers: Record<string, string>;
  timeoutMs: number;
}

const mostBytes = 64 * 1024 * 1024;
const longestAddress = 6_000;

export const hostOf = (url: string) => new URL(url).host;

/** The address of a part of the API, below whatever path the source has. */
export function addressOf(url: string, path: string, params: URLSearchParams): URL {
  const address = new URL(`${url.replace(/\/+$/, '')}/loki/api/v1/${path}`);
  address.search = params.toString();
  return address;
}

/** Asks one part of Loki's API and returns the JSON of its answer. Rejects with `LogSourceError`. */
export async function ask(
  config: LokiConfig,
  path: string,
  params: Record<string, string | undefined>,
  { signal }: CallOptions = {},
): Promise<unknown> {
  const host = hostOf(config.url);
  const say = (kind: LogSourceError['kind'], detail: string, cause?: unknown) =>
    new LogSourceError(config.id, kind, detail, { cause });
  const given = new URLSearchParams(
    Object.entries(params).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
  const late = AbortSignal.timeout(config.timeoutMs);
  const stop = signal ? AbortSignal.any([signal, late]) : late;
  const address = addressOf(config.url, path, given);
  const long = address.href.length > longestAddress;
  if (long) address.search = '';
  let status: number;
  let type: string;
  let body: string;
  try {
    const response = await fetch(address, {
      method: long ? 'POST' : 'GET',
      body: long ? given : undefined,
      headers: { accept: 'application/json', ...config.headers },
      redirect: 'manual',
      signal: stop,
    });
    status = response.status;
    type = response.headers.get('content-type') ?? '';
    body = await readText(response, () => say('too_large', `${host} sent more than 64 MB. Ask for less.`));
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof LogSourceError) throw error;
    if (late.aborted) {
      throw say('timeout', `${host} gave no whole answer within ${Math.round(config.timeoutMs / 100) / 10} s.`, error);
    }
    throw say('unreachable', connectionProblem(error, host), error);
  }
  if (status < 200 || status >= 300) throw say(...statusProblem(status, body, host));
  try {
    return JSON.parse(body);
  } catch (error) {
    throw say('garbled', garbage(body, type, host), error);
  }
}

async function readText(response: Response, tooLarge: () => Error): Promise<string> {
  if (!response.body) return '';
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > mostBytes) throw tooLarge();
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** Puts a failed connection into words. */
export function connectionProblem(error: unknown, host: string): string {
  const cause = (error as { cause?: { code?: string } }).cause;
  const code = cause?.code ?? (error as { code?: string }).code ?? '';
  switch (code) {
    case 'ECONNREFUSED':
      return `Nothing listens at ${host}: the connection was refused.`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `The name in ${host} cannot be resolved.`;
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `There is no network route to ${host}.`;
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
      return `The connection to ${host} broke off before the answer was complete.`;
  }
  if (/CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code)) {
    return `The certificate of ${host} cannot be verified (${code}).`;
  }
  return `Loki at ${host} cannot be reached${code ? ` (${code})` : ''}.`;
}

const oneLine = (text: string, most = 300) => {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > most ? `${line.slice(0, most)}…` : line;
};

/** Puts an answer that is no success into words: Loki says what is wrong as plain text, proxies as pages. */
function statusProblem(status: number, body: string, host: string): [LogSourceError['kind'], string] {
  const message = /^\s*</.test(body) ? '' : oneLine(body);
  if (status === 401) return ['refused', `${host} asks for credentials (401). Set or renew them.`];
  if (status === 403) return ['refused', `${host} does not let us in with these credentials (403).`];
  if (status === 404 || status === 405 || (status >= 300 && status < 400)) {
    return ['garbled', `There is no Loki below this address (${host} answered ${status}). Check the path.`];
  }
  if (status === 400 && /no org id/i.test(message)) return ['refused', `${host} wants a tenant. Set LOGS_TENANT.`];
  if (status === 400 || status === 422) return ['bad_query', `Loki does not accept the search: ${message}`];
  if (status === 413) return ['too_large', 'The search is too large for Loki.'];
  if (status === 429) return ['unreachable', `${host} limits the number of searches (429).`];
  if (status === 504 || /deadline exceeded|timeout/i.test(message)) {
    return ['timeout', 'Loki gave the search up because it took too long.'];
  }
  return ['unreachable', `${host} answered ${status}${message ? `: ${message}` : ', without saying why'}.`];
}

function garbage(body: string, type: string, host: string): string {
  const start = body.slice(0, 200).trimStart().toLowerCase();
  if (start === '') return `${host} answered with nothing.`;
  if (/text\/html/.test(type) || start.startsWith('<')) {
    return `${host} answered with a web page instead of data. Check the path, or whether a sign-in page stands before it.`;
  }
  if (start.startsWith('{"status"')) return `The answer of ${host} broke off before its end.`;
  return `${host} answered with something that is not Loki's API.`;
}
