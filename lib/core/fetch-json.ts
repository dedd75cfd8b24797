import type { FieldError } from './errors.ts';

/** An error as the REST door told it, for the browser. `status` is 0 when no answer came. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly errors: FieldError[];
  readonly retryAfterSeconds: number | null;

  constructor(
    status: number,
    code: string,
    detail: string,
    errors: FieldError[] = [],
    retryAfterSeconds: number | null = null,
  ) {
    super(detail);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.errors = errors;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** What is wrong with one field, or null. */
  field(path: string): string | null {
    return this.errors.find((error) => error.path === path)?.message ?? null;
  }
}

interface Options {
  signal?: AbortSignal;
}

async function send<T>(url: string, init: RequestInit): Promise<T> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, init);
    text = await response.text();
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new ApiError(0, 'network', 'The console does not answer. Is it running, and are you online?');
  }
  let body: unknown;
  try {
    body = text === '' ? null : JSON.parse(text);
  } catch {
    throw new ApiError(
      response.status,
      'garbled',
      `The console answered ${response.status} with something unreadable.`,
    );
  }
  if (response.ok) return body as T;
  const problem = (body ?? {}) as { code?: string; detail?: string; title?: string; errors?: unknown };
  throw new ApiError(
    response.status,
    problem.code ?? 'unknown',
    problem.detail ?? problem.title ?? `The console answered ${response.status}.`,
    Array.isArray(problem.errors) ? (problem.errors as FieldError[]) : [],
    Number(response.headers.get('retry-after')) || null,
  );
}

/** Reads JSON from the REST door; throws `ApiError`. */
export function getJson<T>(url: string, { signal }: Options = {}): Promise<T> {
  return send<T>(url, { signal, headers: { accept: 'application/json' } });
}

/** Changes something through the REST door; throws `ApiError`. Sent twice with one key, it happens once. */
export function sendJson<T>(
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  url: string,
  body?: unknown,
  { signal, idempotencyKey }: Options & { idempotencyKey?: string } = {},
): Promise<T> {
  return send<T>(url, {
    method,
    signal,
    headers: {
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
}

/** A query string in the order of names, so that equal questions have equal addresses. Lists repeat their name. */
export function queryString(params: object): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (value === undefined || value === '') continue;
    if (Array.isArray(value)) for (const one of value) query.append(name, String(one));
    else query.set(name, String(value));
  }
  return query.toString();
}
