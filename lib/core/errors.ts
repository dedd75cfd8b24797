/** Every error code that leaves Quarterdeck, with its HTTP status and title: the one registry (`room.reason`). */
export const errorCodes = {
  'request.malformed': [400, 'The request cannot be read'],
  'request.invalid': [400, 'Some fields are not valid'],
  'request.too_large': [413, 'The request body is too large'],
  'request.unsupported_type': [415, 'The content type is not supported'],
  'request.not_found': [404, 'There is nothing at this address'],
  'request.method_not_allowed': [405, 'This address does not take this method'],
  'request.cursor_invalid': [400, 'The cursor is not valid'],
  'request.idempotency_reused': [422, 'The idempotency key was used with another body'],
  'request.origin_refused': [403, 'The request comes from another origin'],
  'auth.unauthenticated': [401, 'Sign in first'],
  'auth.credentials_wrong': [401, 'Email or password is wrong'],
  'auth.throttled': [429, 'Too many attempts'],
  'auth.role_too_low': [403, 'Your role does not allow this'],
  'auth.scope_too_narrow': [403, 'The token does not reach this'],
  'auth.token_cannot': [403, 'A token may not do this'],
  'auth.setup_token_wrong': [403, 'The set-up token is wrong'],
  'auth.email_taken': [409, 'A person with this email exists'],
  'auth.last_admin': [409, 'This is the last admin'],
  'auth.stale': [409, 'Somebody changed this before you'],
  'facts.duplicate': [409, 'This was already recorded'],
  'hooks.token_wrong': [401, 'The hook token is wrong'],
  'catalog.service_unknown': [404, 'No such service'],
  'telemetry.query_invalid': [400, 'The expression is not valid'],
  'telemetry.query_too_large': [400, 'The query would return too much'],
  'traces.not_found': [404, 'No such trace'],
  'traces.query_invalid': [400, 'The query is not valid'],
  'traces.too_large': [413, 'The trace is too large'],
  'logs.line_unknown': [404, 'No such line'],
  'logs.query_invalid': [400, 'The search is not valid'],
  'slo.unknown': [404, 'No such SLO'],
  'slo.name_taken': [409, 'An SLO with this name exists'],
  'slo.from_file': [409, 'This SLO lives in a file'],
  'slo.stale': [409, 'Somebody changed this before you'],
  'slo.invalid': [400, 'The definition is not valid'],
  'slo.exclusion_unknown': [404, 'No such exclusion'],
  'slo.exclusion_decided': [409, 'This exclusion was decided already'],
  'slo.exclusion_overlaps': [409, 'Another exclusion covers this time'],
  'slo.own_exclusion': [403, 'Somebody else must decide this'],
  'policy.unknown': [404, 'No such policy'],
  'policy.stale': [409, 'Somebody changed this before you'],
  'alert.unknown': [404, 'No such alert'],
  'alert.stale': [409, 'Somebody changed this before you'],
  'alert.resolved': [409, 'The alert is resolved'],
  'silence.unknown': [404, 'No such silence'],
  'silence.over': [409, 'The silence is over'],
  'source.unknown': [404, 'No such source'],
  'source.unavailable': [503, 'The source does not answer'],
  'source.timeout': [503, 'The source does not answer in time'],
  'source.refused': [503, 'The source refuses us'],
  'source.garbled': [503, 'The answer of the source cannot be read'],
  'egress.refused': [403, 'This address may not be fetched'],
  'egress.failed': [503, 'The address could not be fetched'],
  'lock.held': [423, 'Somebody else holds the lock'],
  'lock.lost': [409, 'The lease was lost'],
  'database.unavailable': [503, 'The database does not answer'],
  'database.timeout': [503, 'The database took too long'],
  'database.conflict': [409, 'Something else changed the same'],
  'server.stopping': [503, 'This process is stopping'],
  'server.failed': [500, 'Something went wrong here'],
} as const satisfies Record<string, readonly [number, string]>;

export type ErrorCode = keyof typeof errorCodes;

/**
 * One bad field: where it is (`a.b[0]`), a stable code, and a sentence that says what would be right. What is wrong
 * inside a text that was sent says on which line of it, from 1.
 */
export interface FieldError {
  path: string;
  code: string;
  message: string;
  line?: number;
  column?: number;
}

export interface AppErrorOptions {
  errors?: FieldError[];
  cause?: unknown;
  retryAfterSeconds?: number;
}

const mark: unique symbol = Symbol.for('quarterdeck.AppError') as never;

/**
 * The only error that a person ever meets. `detail` is a sentence for that person and never carries a secret,
 * a stack or the text of another system's exception.
 */
export class AppError extends Error {
  readonly [mark] = true;
  readonly code: ErrorCode;
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly errors: FieldError[];
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, detail: string, options: AppErrorOptions = {}) {
    super(`${code}: ${detail}`, { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    [this.status, this.title] = errorCodes[code];
    this.detail = detail;
    this.errors = options.errors ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

// By a mark, not by identity: one process may load this module more than once and share promises between the copies.
Object.defineProperty(AppError, Symbol.hasInstance, {
  value(this: unknown, value: unknown) {
    if (this !== AppError) return Function.prototype[Symbol.hasInstance].call(this as () => void, value);
    return typeof value === 'object' && value !== null && mark in value;
  },
});

/** The shape of a zod issue that we use; kept structural so that core needs no zod at run time. */
interface Issue {
  readonly path: readonly PropertyKey[];
  readonly code?: string;
  readonly message: string;
}

/** Writes a path as people read it: `items[0].name`. */
export function fieldPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text ? `${text}.${String(part)}` : String(part)),
    '',
  );
}

/** Turns zod's issues into a 400 that names every bad field at once. */
export function invalidFields(issues: readonly Issue[]): AppError {
  const errors = issues.map(({ path, code, message }) => ({ path: fieldPath(path), code: code ?? 'invalid', message }));
  const first = errors[0];
  const where = first?.path ? `${first.path}: ` : '';
  return new AppError('request.invalid', first ? `${where}${first.message}` : 'The input is not valid', { errors });
}

/** Parses untyped input once, at the edge; throws `request.invalid` with every bad field. */
export function parseInput<T>(
  schema: { safeParse(value: unknown): { success: true; data: T } | { success: false; error: { issues: Issue[] } } },
  value: unknown,
): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw invalidFields(parsed.error.issues);
}
