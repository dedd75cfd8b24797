import { describe, expect, test, vi } from 'vitest';
import { AppError } from '#lib/core/errors.ts';
import { problemResponse, toAppError } from './problem.ts';

vi.stubEnv('LOG_LEVEL', 'fatal');

describe('whatever was thrown', () => {
  const secret = 'password=hunter2 at /srv/quarterdeck/lib/db/client.ts:12';

  test.each<[string, unknown, string]>([
    ['an error of ours', new AppError('lock.held', 'Somebody has it.'), 'lock.held'],
    ['an error of another system', new Error(secret), 'server.failed'],
    ['a text', secret, 'server.failed'],
    ['nothing', undefined, 'server.failed'],
    [
      'a connection that is refused',
      Object.assign(new Error(secret), { code: 'ECONNREFUSED' }),
      'database.unavailable',
    ],
    ['Postgres shutting down', Object.assign(new Error(secret), { code: '57P01' }), 'database.unavailable'],
    ['a statement that took too long', Object.assign(new Error(secret), { code: '57014' }), 'database.timeout'],
    ['a deadlock', Object.assign(new Error(secret), { code: '40P01' }), 'database.conflict'],
  ])('%s becomes a problem that tells nothing of it', async (_, thrown, code) => {
    const error = toAppError(thrown, 'request-1');
    expect(error.code).toBe(code);
    const text = await problemResponse(error, 'request-1').text();
    expect(text).not.toContain('hunter2');
    expect(text).not.toContain('client.ts');
  });
});

describe('a problem', () => {
  test('is problem+json with everything that the contract names', async () => {
    const errors = [{ path: 'name', code: 'too_small', message: 'must not be empty' }];
    const response = problemResponse(new AppError('request.invalid', 'name: must not be empty', { errors }), 'r1');
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('x-request-id')).toBe('r1');
    expect(await response.json()).toEqual({
      type: '/api/v1/docs#error-request-invalid',
      title: 'Some fields are not valid',
      status: 400,
      code: 'request.invalid',
      detail: 'name: must not be empty',
      errors,
      requestId: 'r1',
    });
  });

  test('says how long to wait, in whole seconds, and how to sign in', () => {
    const throttled = new AppError('auth.throttled', 'Wait.', { retryAfterSeconds: 1.2 });
    expect(problemResponse(throttled, 'r').headers.get('retry-after')).toBe('2');
    const nobody = problemResponse(new AppError('auth.unauthenticated', 'Sign in.'), 'r');
    expect(nobody.headers.get('www-authenticate')).toBe('Bearer');
    expect(nobody.headers.has('retry-after')).toBe(false);
  });

  test('carries further headers, but none that replaces its own', () => {
    const response = problemResponse(new AppError('request.method_not_allowed', 'x'), 'r', {
      allow: 'GET',
      'cache-control': 'public',
    });
    expect(response.headers.get('allow')).toBe('GET');
    expect(response.headers.get('cache-control')).toBe('no-store');
  });
});
