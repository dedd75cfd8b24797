import { lookup as systemLookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { Agent, buildConnector, type Dispatcher, request } from 'undici';
import { EgressError } from './errors.ts';
import { type EgressPolicy, egressPolicy } from './policy.ts';

/** Looks a name up; every address that it answers is checked before one of them is connected to. */
export type Resolver = (host: string) => Promise<{ address: string; family: number }[]>;

export interface EgressRequest {
  url: string;
  /** What may be fetched: see `egressPolicy`. */
  allow: readonly string[];
  method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** Of the answer's body, as it comes. */
  maxBytes?: number;
  /** For everything: name, connection, answer. */
  timeoutMs?: number;
  signal?: AbortSignal;
  resolve?: Resolver;
}

export interface EgressAnswer {
  status: number;
  headers: Record<string, string>;
  /** To be read by a program. It is never shown to a person and never logged. */
  body: Uint8Array;
  durationMs: number;
}

const ownHeaders = new Set([
  'host',
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
const resolveBySystem: Resolver = (host) => systemLookup(host, { all: true, verbatim: true });

/**
 * Fetches an address that a person gave. Only http and https; the host must be allowed and every address that its
 * name resolves to must be public or explicitly allowed; the addresses that were checked are the ones connected to,
 * so a name that changes its mind gains nothing. Redirects are refused. Throws `EgressError` with a sentence.
 */
export async function fetchOut(options: EgressRequest): Promise<EgressAnswer> {
  const { maxBytes = 1024 * 1024, timeoutMs = 10_000 } = options;
  const url = parseUrl(options.url);
  const headers = checkHeaders(options.headers ?? {});
  const policy = egressPolicy(options.allow);
  const host = hostOf(url);
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  policy.checkHost(host, port);

  const startedAt = performance.now();
  const deadline = AbortSignal.timeout(timeoutMs);
  const signal = options.signal ? AbortSignal.any([deadline, options.signal]) : deadline;
  const agent = checkedAgent(policy, host, port, options.resolve ?? resolveBySystem, timeoutMs);
  try {
    const answer = await untilAborted(
      signal,
      request(url, {
        method: options.method ?? 'GET',
        headers: { 'accept-encoding': 'identity', ...headers },
        body: options.body,
        dispatcher: agent,
        signal,
      }),
    );
    if (answer.statusCode >= 300 && answer.statusCode < 400 && answer.statusCode !== 304) {
      throw new EgressError(
        'redirect',
        `${host} answers with a redirect (${answer.statusCode}), and redirects are not followed`,
      );
    }
    const body = await readBody(answer, host, maxBytes);
    return {
      status: answer.statusCode,
      headers: plainHeaders(answer.headers),
      body,
      durationMs: performance.now() - startedAt,
    };
  } catch (error) {
    throw toEgressError(error, { host, timeoutMs, timedOut: deadline.aborted, aborted: signal.aborted });
  } finally {
    await agent.destroy();
  }
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url) throw new EgressError('url', 'the address is not a URL; write it like https://host/path');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new EgressError('scheme', `${url.protocol}// cannot be fetched; only http:// and https:// can`);
  }
  if (url.username || url.password) {
    throw new EgressError(
      'credentials',
      'the address holds a user name or password; put credentials in a header instead',
    );
  }
  url.hash = '';
  return url;
}

function hostOf(url: URL): string {
  return url.hostname.replace(/\.$/, '');
}

function checkHeaders(headers: Record<string, string>): Record<string, string> {
  for (const [name, value] of Object.entries(headers)) {
    if (ownHeaders.has(name.toLowerCase())) throw new EgressError('header', `the header ${name} may not be set`);
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) || /[^\t\x20-\x7e\x80-\xff]/.test(value)) {
      throw new EgressError('header', `the header ${JSON.stringify(name)} has a name or value that HTTP cannot carry`);
    }
  }
  return headers;
}

/** An agent for one request: names go through the policy, and so does the address that the socket ends up with. */
function checkedAgent(policy: EgressPolicy, host: string, port: number, resolve: Resolver, timeoutMs: number): Agent {
  const lookup: LookupFunction = (_name, options, callback) => {
    resolveChecked().then(
      (addresses) => {
        if (options.all) callback(null, addresses);
        else callback(null, addresses[0]?.address ?? '', addresses[0]?.family);
      },
      (error: Error) => callback(error, '', 0),
    );
  };
  async function resolveChecked() {
    const addresses = await resolve(host).catch((error: Error) => {
      throw new EgressError('dns', `the name ${host} cannot be resolved`, error);
    });
    if (addresses.length === 0) throw new EgressError('dns', `the name ${host} has no address`);
    for (const { address } of addresses) policy.checkAddress(host, port, address);
    return addresses;
  }
  const connect = buildConnector({ lookup, timeout: timeoutMs, allowH2: false, rejectUnauthorized: true });
  return new Agent({
    connections: 1,
    pipelining: 0,
    connect(options, callback) {
      connect(options, (error, socket) => {
        if (error) return callback(error, null);
        try {
          policy.checkAddress(host, port, socket?.remoteAddress ?? '');
          callback(null, socket);
        } catch (refusal) {
          socket?.destroy();
          callback(refusal as Error, null);
        }
      });
    },
  });
}

/** Names that are slow to resolve cannot be interrupted: what was asked for is left behind instead. */
function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

async function readBody(answer: Dispatcher.ResponseData, host: string, maxBytes: number): Promise<Uint8Array> {
  const tooLarge = new EgressError('too_large', `${host} answers with more than ${maxBytes} bytes`);
  const chunks: Buffer[] = [];
  let bytes = 0;
  if (Number(answer.headers['content-length'] ?? 0) > maxBytes) throw tooLarge;
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLarge;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function plainHeaders(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );
}

function toEgressError(
  error: unknown,
  { host, timeoutMs, timedOut, aborted }: { host: string; timeoutMs: number; timedOut: boolean; aborted: boolean },
): EgressError {
  if (error instanceof EgressError) return error;
  const { code = '', cause } = error as { code?: string; cause?: unknown };
  if (cause instanceof EgressError) return cause;
  if (timedOut || /^UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT$/.test(code)) {
    return new EgressError('timeout', `${host} did not answer within ${timeoutMs} ms`, error);
  }
  if (aborted) return new EgressError('aborted', `the request to ${host} was given up`, error);
  if (/^(ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/.test(code)) {
    return new EgressError('tls', `${host} does not prove its identity over TLS (${code})`, error);
  }
  if (/^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EADDRNOTAVAIL|EACCES|EPERM)$/.test(code)) {
    return new EgressError('connect', `${host} cannot be connected to (${code})`, error);
  }
  return new EgressError(
    'protocol',
    `${host} does not answer as an HTTP server should${code ? ` (${code})` : ''}`,
    error,
  );
}
