import { AppError, type ErrorCode } from '#lib/core/errors.ts';

export type PrometheusErrorKind =
  | 'bad_data'
  | 'execution'
  | 'too_large'
  | 'query_timeout'
  | 'timeout'
  | 'unreachable'
  | 'refused'
  | 'unavailable'
  | 'wrong_path'
  | 'garbled'
  | 'aborted';

const codes: Record<PrometheusErrorKind, ErrorCode> = {
  bad_data: 'telemetry.query_invalid',
  execution: 'telemetry.query_invalid',
  too_large: 'telemetry.query_too_large',
  query_timeout: 'source.timeout',
  timeout: 'source.timeout',
  unreachable: 'source.unavailable',
  refused: 'source.refused',
  unavailable: 'source.unavailable',
  wrong_path: 'source.garbled',
  garbled: 'source.garbled',
  aborted: 'source.unavailable',
};

export interface ParserPosition {
  line: number;
  column: number;
}

/** What went wrong with one call, in words for the person who reads the panel. */
export class PrometheusError extends AppError {
  readonly kind: PrometheusErrorKind;
  readonly position: ParserPosition | undefined;
  readonly httpStatus: number | undefined;

  constructor(
    kind: PrometheusErrorKind,
    detail: string,
    options: { cause?: unknown; position?: ParserPosition; httpStatus?: number } = {},
  ) {
    super(codes[kind], detail, {
      cause: options.cause,
      errors: options.position ? [{ path: 'query', code: 'parse', message: detail }] : [],
    });
    this.name = 'PrometheusError';
    this.kind = kind;
    this.position = options.position;
    this.httpStatus = options.httpStatus;
  }

  /** Whether the engine itself is in trouble, rather than the query that it was given. */
  get isOutage(): boolean {
    return !['bad_data', 'execution', 'too_large', 'query_timeout', 'aborted'].includes(this.kind);
  }
}

/** By name, not by class: one process may hold this module more than once and share promises between the copies. */
export function isPrometheusError(error: unknown): error is PrometheusError {
  return error instanceof Error && error.name === 'PrometheusError';
}

const seconds = (ms: number) => `${Math.round(ms / 100) / 10} s`;

/** Puts a failed connection into words. `host` is host:port, without credentials. */
export function connectionError(cause: unknown, host: string, timeoutMs: number): PrometheusError {
  const code = (cause as { code?: string } | null)?.code ?? '';
  const say = (kind: PrometheusErrorKind, detail: string) => new PrometheusError(kind, detail, { cause });
  switch (code) {
    case 'ERR_CANCELED':
      return say('aborted', 'The request was cancelled.');
    case 'ECONNABORTED':
    case 'ETIMEDOUT':
      return say('timeout', `Prometheus at ${host} gave no answer within ${seconds(timeoutMs)}.`);
    case 'ECONNREFUSED':
      return say('unreachable', `Nothing listens at ${host}: the connection was refused.`);
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return say('unreachable', `The name in ${host} cannot be resolved.`);
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return say('unreachable', `There is no network route to ${host}.`);
    case 'ECONNRESET':
    case 'EPIPE':
    case 'ERR_BAD_RESPONSE':
      return say('garbled', `The connection to ${host} broke off before the answer was complete.`);
    case 'ERR_FR_TOO_MANY_REDIRECTS':
      return say('wrong_path', `${host} redirects elsewhere. Set the address that it redirects to.`);
  }
  if (/CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code)) {
    return say('unreachable', `The certificate of ${host} cannot be verified (${code}).`);
  }
  if (/maxContentLength/.test((cause as Error | null)?.message ?? '')) {
    return say('too_large', 'The answer is too large. Ask for fewer series or a shorter time.');
  }
  return say('unreachable', `Prometheus at ${host} cannot be reached${code ? ` (${code})` : ''}.`);
}

const oneLine = (text: string, most = 300) => {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > most ? `${line.slice(0, most)}…` : line;
};

/** Reads `1:5: parse error: …`, as Prometheus writes it, wherever it stands in the message. */
export function parserPosition(message: string): { position: ParserPosition; message: string } | null {
  const found = /(\d+):(\d+): parse error: (.*)$/s.exec(message);
  if (!found) return null;
  return { position: { line: Number(found[1]), column: Number(found[2]) }, message: oneLine(found[3] ?? '') };
}

/** Puts an answer that is no success into words; `body` is Prometheus's error document if it is one. */
export function statusError(
  status: number,
  body: { errorType?: string | undefined; error?: string | undefined } | null,
  host: string,
): PrometheusError {
  const message = oneLine(body?.error ?? '');
  switch (body?.errorType) {
    case 'bad_data': {
      const parsed = parserPosition(body.error ?? '');
      if (parsed) {
        const { line, column } = parsed.position;
        const where = line > 1 ? `line ${line}, column ${column}` : `column ${column}`;
        return new PrometheusError('bad_data', `The expression does not parse at ${where}: ${parsed.message}`, parsed);
      }
      if (/exceeded maximum resolution/.test(message)) {
        return new PrometheusError(
          'too_large',
          'More than 11,000 points per series: take a longer step or a shorter time.',
        );
      }
      return new PrometheusError('bad_data', `Prometheus does not accept the query: ${message}`);
    }
    case 'execution':
      if (/too many samples|limit|max.*series/i.test(message)) {
        return new PrometheusError('too_large', `The query reads too much: ${message}`);
      }
      return new PrometheusError('execution', `Prometheus could not evaluate the query: ${message}`);
    case 'timeout':
    case 'canceled':
      return new PrometheusError('query_timeout', 'Prometheus gave the query up because it took too long.');
    case 'not_found':
      return new PrometheusError('wrong_path', `${host} does not offer this part of the Prometheus API.`);
  }
  if (status === 401) return new PrometheusError('refused', `${host} asks for credentials (401). Set or renew them.`);
  if (status === 403) return new PrometheusError('refused', `${host} does not let us in with these credentials (403).`);
  if (status === 404 || status === 405 || (status >= 300 && status < 400)) {
    return new PrometheusError(
      'wrong_path',
      `There is no Prometheus API below this address (${host} answered ${status}). Check the path, e.g. /prometheus.`,
      { httpStatus: status },
    );
  }
  if (status === 413 || status === 422)
    return new PrometheusError('too_large', 'The query is too large for the engine.');
  if (status === 429) return new PrometheusError('unavailable', `${host} limits the number of queries (429).`);
  return new PrometheusError(
    'unavailable',
    `${host} answered ${status}${message ? `: ${message}` : ', without saying why'}.`,
  );
}
