import { STATUS_CODES } from 'node:http';

/** One wrong field of a request: `path` as in `items[0].quantity`. */
export interface FieldError {
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

export interface ProblemOptions {
  readonly errors?: readonly FieldError[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Members beside the standard ones, such as the id of the order that failed. */
  readonly extra?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

export const PROBLEM_TYPE = 'application/problem+json';

/** An answer that is not a success, as RFC 9457 has it; `code` is `area.reason`. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly errors: readonly FieldError[];
  readonly headers: Readonly<Record<string, string>>;
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(status: number, code: string, detail: string, options: ProblemOptions = {}) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Problem';
    this.status = status;
    this.code = code;
    this.errors = options.errors ?? [];
    this.headers = options.headers ?? {};
    this.extra = options.extra ?? {};
  }

  toJSON(): Record<string, unknown> {
    return {
      type: 'about:blank',
      title: STATUS_CODES[this.status] ?? 'Error',
      status: this.status,
      code: this.code,
      detail: this.message,
      errors: this.errors,
      ...this.extra,
    };
  }
}

/** 400 for fields; the sentence repeats the first of them. */
export function invalidFields(errors: readonly FieldError[]): Problem {
  const first = errors[0];
  const detail = first ? `${first.path || 'The body'}: ${first.message}` : 'The request is not valid.';
  return new Problem(400, 'request.invalid', detail, { errors });
}

/** 400 for one field. */
export function invalidField(path: string, code: string, message: string): Problem {
  return invalidFields([{ path, code, message }]);
}

export function notFound(what: string, id: string): Problem {
  return new Problem(404, 'request.not_found', `There is no ${what} "${id.slice(0, 80)}".`);
}

/** 503 for a dependency that is away; the caller may try again after `retryAfterSeconds`. */
export function unavailable(dependency: string, retryAfterSeconds = 2, cause?: unknown): Problem {
  return new Problem(503, 'dependency.unavailable', `${dependency} cannot be reached at the moment.`, {
    errors: [{ path: dependency, code: 'unavailable', message: `${dependency} cannot be reached.` }],
    headers: { 'retry-after': String(retryAfterSeconds) },
    cause,
  });
}
