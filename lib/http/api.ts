import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context as HonoContext } from 'hono';
import type { Actor } from '#lib/core/actor.ts';
import { systemClock } from '#lib/core/clock.ts';
import type { Context } from '#lib/core/context.ts';
import type { Verb } from '#lib/core/define-verb.ts';
import { AppError, parseInput } from '#lib/core/errors.ts';
import { canonicalJson, sha256 } from '#lib/core/hash.ts';
import { newId } from '#lib/core/ids.ts';
import { metrics } from '#lib/core/metrics.ts';
import { problemResponse, toAppError } from './problem.ts';
import { clientAddress, parseJson, readBody } from './request.ts';
import type { RouteDefinition } from './route.ts';
import { type Answer, sharedAnswers } from './shared-answers.ts';

/** What the rooms to the right of this one supply. */
export interface Door {
  /** Who sends this request: a bearer token, a session, or nobody. `cookie` says that it was a session. */
  authenticate(request: Request): Promise<{ actor: Actor; cookie: boolean } | null>;
  /** Throws unless the actor may do this; refusals are audited there. */
  authorize(ctx: Context, verb: Verb): Promise<void>;
  publicUrl: string;
  trustedProxies: string[];
}

const idempotencyKeyLimit = 200;
const unsafe = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** The REST application: every route authenticates, authorizes, parses, and answers JSON or problem+json. */
export function createApi(routes: RouteDefinition[], door: Door): OpenAPIHono {
  const app = new OpenAPIHono().basePath('/api/v1');
  for (const route of routes) {
    document(app, route);
    app.on([route.method.toUpperCase()], honoPath(route.path), (c) => respond(c, route, door));
  }
  app.notFound((c) => {
    const requestId = newId();
    const path = new URL(c.req.url).pathname;
    const methods = routes.filter((route) => matches(route.path, path)).map((route) => route.method.toUpperCase());
    const error =
      methods.length > 0
        ? new AppError('request.method_not_allowed', `It takes ${[...new Set(methods)].join(', ')}.`)
        : new AppError('request.not_found', 'See /api/v1/docs for what there is.');
    return problemResponse(error, requestId);
  });
  app.onError((error) => {
    const requestId = newId();
    return problemResponse(toAppError(error, requestId), requestId);
  });
  return app;
}

async function respond(c: HonoContext, route: RouteDefinition, door: Door): Promise<Response> {
  const started = performance.now();
  const ctx: Context = { actor: null, clock: systemClock, requestId: newId(), signal: c.req.raw.signal };
  const response = await answer(c, route, door, ctx).catch((error: unknown) =>
    problemResponse(toAppError(error, ctx.requestId), ctx.requestId),
  );
  metrics().requests.observe(
    {
      http_request_method: c.req.method,
      http_route: `/api/v1${route.path}`,
      http_response_status_code: String(response.status),
    },
    (performance.now() - started) / 1_000,
  );
  return response;
}

async function answer(c: HonoContext, route: RouteDefinition, door: Door, ctx: Context): Promise<Response> {
  const request = c.req.raw;
  ctx.address = clientAddress(request.headers, door.trustedProxies);
  const authenticated = await door.authenticate(request);
  ctx.actor = authenticated?.actor ?? null;
  if (authenticated?.cookie && unsafe.has(request.method)) requireOrigin(request, door.publicUrl);
  await door.authorize(ctx, route.verb);

  const params = route.params ? parseInput(route.params, c.req.param()) : {};
  const query = route.query ? parseInput(route.query, queryOf(request)) : {};
  const text = unsafe.has(request.method) ? await readBody(request) : '';
  const body = parseJson(text, request.headers.get('content-type'));
  const key = request.headers.get('idempotency-key');
  if (key !== null && request.method === 'POST' && ctx.actor)
    ctx.idempotency = idempotencyOf(request, key, ctx.actor, body);

  route.permit?.({ ctx, params, query, body, request });
  const handle = () => route.handle({ ctx, params, query, body, request });
  const headers: Record<string, string> = {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'private, no-cache',
    'x-request-id': ctx.requestId,
  };
  if (route.method !== 'get') {
    const result = await handle();
    if (result instanceof Response) return result;
    if (ctx.idempotency?.replayed) headers['idempotency-replayed'] = 'true';
    if (route.status === 204) return new Response(null, { status: 204, headers: { 'x-request-id': ctx.requestId } });
    return new Response(JSON.stringify(result), { status: route.status ?? 200, headers });
  }
  const make = async (): Promise<Answer | Response> => {
    const result = await handle();
    if (result instanceof Response) return result;
    const serialised = JSON.stringify(result);
    return { body: serialised, etag: `W/"${sha256(serialised).slice(0, 24)}"`, madeAt: Date.now() };
  };
  const url = new URL(request.url);
  const made = route.sharedForMs
    ? await sharedAnswers().get(`${url.pathname}${url.search}`, route.sharedForMs, async () => {
        ctx.signal = undefined; // the one who asked first may leave; the others still wait
        return (await make()) as Answer;
      })
    : await make();
  if (made instanceof Response) return made;
  headers.etag = made.etag;
  if (request.headers.get('if-none-match') === made.etag) return new Response(null, { status: 304, headers });
  return new Response(made.body, { status: 200, headers });
}

function queryOf(request: Request): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = {};
  for (const [name, value] of new URL(request.url).searchParams) {
    const before = query[name];
    query[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value];
  }
  return query;
}

/** A cookie travels with any form on any site, so what changes something must come from our own pages. */
export function requireOrigin(request: Request, publicUrl: string): void {
  if (request.headers.get('origin') === new URL(publicUrl).origin) return;
  throw new AppError('request.origin_refused', `Only pages of ${new URL(publicUrl).origin} may change something here.`);
}

function idempotencyOf(
  request: Request,
  key: string,
  actor: Actor,
  body: unknown,
): NonNullable<Context['idempotency']> {
  if (key.length === 0 || key.length > idempotencyKeyLimit) {
    const message = `must have 1 to ${idempotencyKeyLimit} characters`;
    throw new AppError('request.invalid', `Idempotency-Key: ${message}`, {
      errors: [{ path: 'Idempotency-Key', code: 'invalid', message }],
    });
  }
  const path = new URL(request.url).pathname;
  return {
    id: sha256(`${actor.kind}:${actor.id}\n${request.method}\n${path}\n${key}`),
    bodyHash: sha256(canonicalJson(body ?? null)),
  };
}

const honoPath = (path: string) => path.replace(/\{(\w+)\}/g, ':$1');

function matches(template: string, path: string): boolean {
  const below = path.replace(/^\/api\/v1/, '');
  return new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`).test(below);
}

function document(app: OpenAPIHono, route: RouteDefinition): void {
  const json = (schema: unknown, example: unknown) => ({
    'application/json': { schema: schema as never, ...(example !== undefined && { example }) },
  });
  const status = route.status ?? 200;
  app.openAPIRegistry.registerPath({
    method: route.method,
    path: route.path,
    operationId: `${route.method}${route.path.replace(/\W+(\w)?/g, (_, letter: string) => letter?.toUpperCase() ?? '')}`,
    tags: [route.tag],
    summary: route.summary,
    description: [route.description, `Needs: ${route.verb.role}.`].filter(Boolean).join('\n\n'),
    security: route.verb.role === 'anyone' ? [] : [{ bearer: [] }, { session: [] }],
    request: {
      ...(route.params && { params: route.params as never }),
      ...(route.query && { query: route.query as never }),
      ...(route.body && { body: { required: true, content: json(route.body, route.example) } }),
    },
    responses: {
      [status]: {
        description: status === 204 ? 'Done; no body.' : 'The answer.',
        ...(route.response && { content: json(route.response, route.responseExample) }),
      },
      default: {
        description: 'An error as problem+json with a stable `code`.',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } as never } },
      },
    },
  });
}
