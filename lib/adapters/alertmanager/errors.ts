import { AppError, type ErrorCode } from '#lib/core/errors.ts';

export type AlertmanagerErrorKind = 'unreachable' | 'timeout' | 'refused' | 'garbled' | 'too_large' | 'invalid';

const codes: Record<AlertmanagerErrorKind, ErrorCode> = {
  unreachable: 'source.unavailable',
  timeout: 'source.timeout',
  refused: 'source.refused',
  garbled: 'source.garbled',
  too_large: 'source.garbled',
  invalid: 'request.invalid',
};

/** Why Alertmanager gave no answer, or did not take what it was sent; `detail` is a sentence for a person. */
export class AlertmanagerError extends AppError {
  readonly kind: AlertmanagerErrorKind;

  constructor(kind: AlertmanagerErrorKind, detail: string, options: { cause?: unknown } = {}) {
    super(codes[kind], detail, options);
    this.name = 'AlertmanagerError';
    this.kind = kind;
  }

  /** Whether another member may still answer: what is wrong is the way to this one, not the question. */
  get isOutage(): boolean {
    return this.kind !== 'invalid';
  }
}

/** By name, not by class: one process may hold this module more than once and share promises between the copies. */
export function isAlertmanagerError(error: unknown): error is AlertmanagerError {
  return error instanceof Error && error.name === 'AlertmanagerError';
}

/** Puts a failed connection into words. `host` is host:port, without credentials. */
export function connectionError(error: unknown, host: string): AlertmanagerError {
  const cause = (error as { cause?: { code?: string } }).cause;
  const code = cause?.code ?? (error as { code?: string }).code ?? '';
  const say = (kind: AlertmanagerErrorKind, detail: string) => new AlertmanagerError(kind, detail, { cause: error });
  switch (code) {
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
    case 'UND_ERR_SOCKET':
      return say('garbled', `The connection to ${host} broke off before the answer was complete.`);
  }
  if (/CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code)) {
    return say('unreachable', `The certificate of ${host} cannot be verified (${code}).`);
  }
  return say('unreachable', `Alertmanager at ${host} cannot be reached${code ? ` (${code})` : ''}.`);
}

const oneLine = (text: string, most = 300) => {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > most ? `${line.slice(0, most)}…` : line;
};

/** What Alertmanager says is wrong: a JSON string, `{code, message}` or plain text; of a proxy's page nothing. */
function messageOf(body: string): string {
  if (/^\s*</.test(body)) return '';
  try {
    const told: unknown = JSON.parse(body);
    if (typeof told === 'string') return oneLine(told);
    const { message, error } = (told ?? {}) as { message?: unknown; error?: unknown };
    return oneLine(String(message ?? error ?? ''));
  } catch {
    return oneLine(body);
  }
}

/** Puts an answer that is no success into words. */
export function statusError(status: number, body: string, host: string): AlertmanagerError {
  const message = messageOf(body);
  const say = (kind: AlertmanagerErrorKind, detail: string) => new AlertmanagerError(kind, detail);
  if (status === 401 && /org id/i.test(message)) {
    return say('refused', `${host} wants a tenant. Set ALERTMANAGER_TENANT.`);
  }
  if (status === 401) return say('refused', `${host} asks for credentials (401). Set or renew ALERTMANAGER_TOKEN.`);
  if (status === 403) return say('refused', `${host} does not let us in with these credentials (403).`);
  if (status === 400 || status === 422) return say('invalid', `Alertmanager does not accept this: ${message}`);
  if (status === 404 || status === 405 || (status >= 300 && status < 400)) {
    return say('garbled', `There is no Alertmanager API v2 below this address (${host} answered ${status}).`);
  }
  if (status === 429) return say('unreachable', `${host} limits the number of requests (429).`);
  return say('unreachable', `${host} answered ${status}${message ? `: ${message}` : ', without saying why'}.`);
}
