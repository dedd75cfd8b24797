import { NextRequest } from 'next/server';
import NextAuth from 'next-auth';
import { authOptions } from '#lib/auth/index.ts';
import { AppError } from '#lib/core/errors.ts';
import { newId } from '#lib/core/ids.ts';
import { parseJson, problemResponse, readBody, toAppError } from '#lib/http/index.ts';

const bodyLimitBytes = 16 * 1024;

/** Answers `/api/auth/*`: next-auth, behind the same rules for bodies as every other door. */
export async function answerAuth(request: Request, context: unknown): Promise<Response> {
  const requestId = newId();
  try {
    return await NextAuth((await readFirst(request)) as never, context as never, authOptions());
  } catch (error) {
    return problemResponse(toAppError(error, requestId), requestId);
  }
}

/**
 * The same request with its body read: next-auth itself reads one of any size, and fails on JSON that is none.
 * Throws `request.too_large`, `request.malformed` or `request.unsupported_type`.
 */
export async function readFirst(request: Request): Promise<NextRequest> {
  const { url, method, headers } = request;
  if (method !== 'POST') return request as NextRequest;
  const text = await readBody(request, bodyLimitBytes);
  const type = headers.get('content-type') ?? '';
  if (text !== '' && !/^application\/x-www-form-urlencoded\b/i.test(type)) {
    const body = parseJson(text, type);
    if (typeof body !== 'object' || body === null || Array.isArray(body)) {
      throw new AppError('request.malformed', 'Send an object or a form.');
    }
  }
  return new NextRequest(url, { method, headers, body: text === '' ? null : text });
}
