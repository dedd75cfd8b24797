import { AppError } from '#lib/core/errors.ts';
import { log } from '#lib/core/log.ts';
import { databaseError } from '#lib/db/index.ts';

/** Turns whatever was thrown into the error that a person may see; the rest goes to the log only. */
export function toAppError(error: unknown, requestId: string): AppError {
  if (error instanceof AppError) return error;
  const trouble = databaseError(error);
  if (trouble) {
    log().warn({ code: trouble.code, err: (error as Error).message, requestId }, 'the database is in trouble');
    return trouble;
  }
  log().error({ err: error, requestId }, 'request failed');
  return new AppError('server.failed', `It is logged under request ${requestId}.`, { cause: error });
}

/** The problem+json answer (RFC 9457) of an error. */
export function problemResponse(error: AppError, requestId: string, more: Record<string, string> = {}): Response {
  const headers: Record<string, string> = {
    ...more,
    'content-type': 'application/problem+json; charset=utf-8',
    'cache-control': 'no-store',
    'x-request-id': requestId,
  };
  if (error.retryAfterSeconds !== undefined) headers['retry-after'] = String(Math.ceil(error.retryAfterSeconds));
  if (error.status === 401) headers['www-authenticate'] = 'Bearer';
  const body = {
    type: `/api/v1/docs#error-${error.code.replace('.', '-')}`,
    title: error.title,
    status: error.status,
    code: error.code,
    detail: error.detail,
    ...(error.errors.length > 0 && { errors: error.errors }),
    requestId,
  };
  return new Response(JSON.stringify(body), { status: error.status, headers });
}
