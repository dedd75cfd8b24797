import { AppError } from '#lib/core/errors.ts';

/** What Prisma 7 keeps of the driver's error, wherever it comes from: the ORM, raw SQL or a transaction. */
interface DriverCause {
  kind?: string;
  originalCode?: string;
}

// Prisma's own codes: https://www.prisma.io/docs/orm/reference/error-reference
const unavailablePrisma = new Set(['P1000', 'P1001', 'P1002', 'P1003', 'P1008', 'P1010', 'P1017', 'P2024', 'P2037']);
const unavailableKinds = new Set([
  'DatabaseNotReachable',
  'DatabaseDoesNotExist',
  'DatabaseAccessDenied',
  'AuthenticationFailed',
  'ConnectionClosed',
  'TlsConnectionError',
  'SocketTimeout',
  'TooManyConnections',
]);
// Postgres's: 08 connection, 28 authorization, 3D no such database, 53 out of resources, 57P shutting down or starting.
const unavailableStates = /^(08|28|3D|53|57P)/;
const unavailableSystem = /^(ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/;
// What pg throws without any code when a connection breaks under it or none becomes free.
const unavailableWords =
  /^(timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error|Client was closed|Query read timeout|Cannot use a pool after calling end)/;

function driverCause(error: Error): DriverCause {
  const meta = (error as { meta?: { driverAdapterError?: { cause?: DriverCause } } }).meta;
  if (meta?.driverAdapterError?.cause) return meta.driverAdapterError.cause;
  return error.name === 'DriverAdapterError' ? ((error.cause ?? {}) as DriverCause) : {};
}

function codeOf(error: Error): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : '';
}

/** Postgres's five characters (SQLSTATE) for what went wrong, through whatever layers; '' where there are none. */
function sqlState(error: Error): string {
  const code = codeOf(error);
  return driverCause(error).originalCode ?? (/^[0-9A-Z]{5}$/.test(code) && !/^P\d{4}$/.test(code) ? code : '');
}

/** Whether an error says that Postgres is away or too busy to begin, rather than that a statement is wrong. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = codeOf(error);
  if (unavailablePrisma.has(code) || unavailableSystem.test(code)) return true;
  if (code === 'P2028' && error.message.includes('Unable to start a transaction')) return true;
  if (unavailableKinds.has(driverCause(error).kind ?? '') || unavailableStates.test(sqlState(error))) return true;
  if (error instanceof AggregateError) return error.errors.some(isUnavailable);
  return code === '' && unavailableWords.test(error.message);
}

/** Whether a write failed because a unique value exists already. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && (codeOf(error) === 'P2002' || sqlState(error) === '23505');
}

/** Whether a statement or a transaction was given up because it took too long. */
function isTooSlow(error: Error): boolean {
  return ['57014', '55P03'].includes(sqlState(error)) || codeOf(error) === 'P2028';
}

/** Whether two transactions stood in each other's way and this one gave in. */
function isConflict(error: Error): boolean {
  return codeOf(error) === 'P2034' || ['40001', '40P01'].includes(sqlState(error));
}

/** The error that a person gets when Postgres is away. */
export function databaseUnavailable(cause: unknown): AppError {
  return new AppError('database.unavailable', 'Postgres does not answer. Try again in a moment.', {
    cause,
    retryAfterSeconds: 5,
  });
}

/** What a person may be told about an error of the database; null when it is a mistake of ours. */
export function databaseError(error: unknown): AppError | null {
  if (!(error instanceof Error)) return null;
  if (isUnavailable(error)) return databaseUnavailable(error);
  if (isConflict(error)) {
    return new AppError('database.conflict', 'Something else changed the same at the same time. Try again.', {
      cause: error,
      retryAfterSeconds: 1,
    });
  }
  if (isTooSlow(error)) {
    return new AppError('database.timeout', 'Postgres took too long, so it was given up. Try again, or ask for less.', {
      cause: error,
      retryAfterSeconds: 5,
    });
  }
  return null;
}
