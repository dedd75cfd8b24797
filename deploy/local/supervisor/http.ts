import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type * as z from 'zod';

const bodyLimitBytes = 64 * 1024;

const titles: Record<number, string> = {
  400: 'Bad request',
  401: 'Not authenticated',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  413: 'Too large',
  500: 'Internal error',
};

export type FieldError = { path: string; code: string; message: string };

/** An answer that is an error, as problem+json. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly errors: readonly FieldError[];

  constructor(status: number, code: string, detail: string, errors: readonly FieldError[] = []) {
    super(detail);
    this.name = 'Problem';
    this.status = status;
    this.code = code;
    this.errors = errors;
  }
}

export type RequestContext = {
  parameters: Record<string, string>;
  query: URLSearchParams;
  body<T>(schema: z.ZodType<T>): Promise<T>;
};

export type Answer = { status?: number; json?: unknown; text?: string; contentType?: string };

export type Scope = 'control' | 'registry' | 'metrics' | 'public';

export type Route = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  /** Whose token opens it, beside that of `control`, which opens all. */
  scope: Scope;
  handle(context: RequestContext): Answer | Promise<Answer>;
};

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bodyLimitBytes) {
      throw new Problem(413, 'request.too_large', `The body may have at most ${bodyLimitBytes} bytes.`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function parseBody<T>(request: IncomingMessage, schema: z.ZodType<T>): Promise<T> {
  const raw = await readBody(request);
  let value: unknown;
  try {
    value = JSON.parse(raw.toString('utf8'));
  } catch {
    throw new Problem(400, 'request.malformed', 'The body is not JSON.');
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map(({ path, code, message }) => ({ path: path.join('.'), code, message }));
  const first = errors[0];
  throw new Problem(400, 'request.invalid', `${first?.path || 'body'}: ${first?.message}`, errors);
}

/** Compares without saying by its duration how much of the token was right. */
export function sameToken(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

function match(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const actual = given[index] ?? '';
    if (part.startsWith(':')) {
      try {
        parameters[part.slice(1)] = decodeURIComponent(actual);
      } catch {
        return undefined;
      }
      if (actual === '') return undefined;
    } else if (part !== actual) return undefined;
  }
  return parameters;
}

function authorize(request: IncomingMessage, scope: Scope, tokens: Record<Exclude<Scope, 'public'>, string>): void {
  if (scope === 'public') return;
  const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const isControl = sameToken(given, tokens.control);
  const isOwn = sameToken(given, tokens[scope]);
  if (!isControl && !isOwn) {
    throw new Problem(401, 'auth.token', 'A bearer token that opens this address is needed in Authorization.');
  }
}

/** Answers requests by a table of routes; errors as problem+json, unforeseen ones as 500 without their message. */
export function createHandler(
  routes: readonly Route[],
  tokens: Record<Exclude<Scope, 'public'>, string>,
  onError: (error: unknown) => void,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  async function dispatch(request: IncomingMessage): Promise<Answer> {
    const url = new URL(request.url ?? '/', 'http://supervisor');
    const fitting = routes.flatMap((route) => {
      const parameters = match(route.path, url.pathname);
      return parameters ? [{ route, parameters }] : [];
    });
    const found = fitting.find(({ route }) => route.method === request.method);
    authorize(request, found?.route.scope ?? 'control', tokens);
    if (!found) {
      if (fitting.length === 0) throw new Problem(404, 'request.unknown_path', `There is nothing at ${url.pathname}.`);
      const allowed = fitting.map(({ route }) => route.method).join(', ');
      throw new Problem(405, 'request.method', `${url.pathname} answers to ${allowed}.`);
    }
    return found.route.handle({
      parameters: found.parameters,
      query: url.searchParams,
      body: (schema) => parseBody(request, schema),
    });
  }

  return async (request, response) => {
    let answer: Answer;
    try {
      answer = await dispatch(request);
    } catch (error) {
      const problem = error instanceof Problem ? error : new Problem(500, 'internal', 'The supervisor failed.');
      if (problem !== error) onError(error);
      const { status, code, message, errors } = problem;
      const body = { type: 'about:blank', title: titles[status] ?? 'Error', status, code, detail: message, errors };
      answer = { status, json: body, contentType: 'application/problem+json' };
      if (status === 413) response.setHeader('connection', 'close');
      if (status === 401) response.setHeader('www-authenticate', 'Bearer');
    }
    const body = answer.text ?? (answer.json === undefined ? '' : JSON.stringify(answer.json));
    response.writeHead(answer.status ?? 200, {
      'content-type': answer.contentType ?? 'application/json',
      'content-length': Buffer.byteLength(body),
      'cache-control': 'no-store',
    });
    response.end(body);
  };
}
