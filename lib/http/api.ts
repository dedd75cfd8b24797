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
import { clientAddress } from './client-address.ts';
import { requireOrigin } from './origin.ts';
import { problemResponse, toAppError } from './problem.ts';
import { parseJson, parseQuery, readBody, refuseUnstorable } from './request.ts';
import type { RouteDefinition } from './route.ts';
import { type Answer, sharedAnswers } from './shared-answers.ts';

/** What the rooms to the right of this one supply. */
export interface Door {
  /** Who sends this request: a bearer token, a session, or nobody. `cookie` says that it was a session. */
  authenticate(request: Request): Promise<{ actor: Actor; cookie: boolean } | null>;
  /** Throws unless the actor may do this; refusals are audited there. */
  authorize(ctx: Context, verb: Verb): Promise<void>;
  /** Writes down a refusal that was not made by `authorize`, nor by a verb. */
  refused(ctx: Context, verb: Verb, error: AppError): Promise<void>;
  publicUrl: string;
  trustedProxies: string[];
}

const idempotencyKeyLimit = 200;
const unsafe = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** The REST application: every route authenticates, authorizes, parses, and answers JSON or problem+json. */
export function createApi(routes: RouteDefinition[], door: Door): OpenAPIHono {
  const app = new OpenAPIHono().basePath('/api/v1');
  const fixed = new Set(routes.map(({ path }) => `/api/v1${path}`).filter((path) => !path.includes('{')));
  for (const route of routes) {
    document(app, route);
    app.on([route.method.toUpperCase()], honoPath(route.path), async (c, next) => {
      // A fixed address is not the name of something, whatever the method: `/slos/import` is no SLO.
      const isTaken = fixed.has(c.req.path) && route.path.includes('{');
      return isTaken ? void (await next()) : respond(c, route, door);
    });
  }
  app.notFound((c) => notFound(c, app));
  app.onError((error) => {
    const requestId = newId();
    return problemResponse(toAppError(error, requestId), requestId);
  });
  return app;
}

/** Nothing here, or nothing for this method; what there is stands in `Allow`. */
function notFound(c: HonoContext, app: OpenAPIHono): Response {
  const matching = app.routes.filter(({ path }) => matches(path, c.req.path));
  const exact = matching.filter(({ path }) => path === c.req.path);
  const known = (exact.length > 0 ? exact : matching).map(({ method }) => method);
  const methods = [...new Set(known.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])))];
  const allow = [...methods, 'OPTIONS'].join(', ');
  if (methods.length > 0 && c.req.method === 'OPTIONS') return new Response(null, { status: 204, headers: { allow } });
  return methods.length > 0
    ? problemResponse(new AppError('request.method_not_allowed', `It takes ${allow}.`), newId(), { allow })
    : problemResponse(new AppError('request.not_found', 'See /api/v1/docs for what there is.'), newId());
}

const clientLeft = 499;

async function respond(c: HonoContext, route: RouteDefinition, door: Door): Promise<Response> {
  const started = performance.now();
  const { signal } = c.req.raw;
  const ctx: Context = { actor: null, clock: systemClock, requestId: newId(), signal };
  const response = await answer(c, route, door, ctx).catch((error: unknown) =>
    // Whoever asked has gone: nobody reads this, and nothing went wrong.
    signal.aborted
      ? new Response(null, { status: clientLeft })
      : problemResponse(toAppError(error, ctx.requestId), ctx.requestId),
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
  const weigh = async (rule: () => void) => {
    try {
      rule();
    } catch (error) {
      if (error instanceof AppError) await door.refused(ctx, route.verb, error);
      throw error;
    }
  };
  if (authenticated?.cookie && unsafe.has(request.method)) await weigh(() => requireOrigin(request, door.publicUrl));
  await door.authorize(ctx, route.verb);

  const named = c.req.param();
  refuseUnstorable(named);
  const params = route.params ? parseInput(route.params, named) : {};
  const asked = parseQuery(request.url);
  const query = route.query ? parseInput(route.query, asked) : {};
  const text = unsafe.has(request.method) ? await readBody(request) : '';
  const body = parseJson(text, request.headers.get('content-type'));
  const key = request.headers.get('idempotency-key');
  if (key !== null && request.method === 'POST' && !route.readsOnly && ctx.actor)
    ctx.idempotency = idempotencyOf(request, key, ctx.actor, body);

  await weigh(() => route.permit?.({ ctx, params, query, body, request }));
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
  const made = route.sharedForMs
    ? await sharedAnswers().get(
        `${route.path} ${canonicalJson(params)} ${canonicalJson(query)} ${reachOf(ctx.actor)}`,
        route.sharedForMs,
        async () => {
          ctx.signal = undefined; // the one who asked first may leave; the others still wait
          const shared = await make();
          if (shared instanceof Response) throw new Error(`${route.path} shares its answer, so it must be data`);
          return shared;
        },
      )
    : await make();
  if (made instanceof Response) return made;
  headers.etag = made.etag;
  if (request.headers.get('if-none-match') === made.etag) return new Response(null, { status: 304, headers });
  return new Response(made.body, { status: 200, headers });
}

/** What an actor reaches, where that is not everything: an answer may leave out what is beyond. */
function reachOf(actor: Actor | null): string {
  if (!actor || !('scope' in actor)) return '';
  const { services, environments } = actor.scope;
  return services === 'all' && environments === 'all' ? '' : canonicalJson({ services, environments });
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

const matches = (template: string, path: string) =>
  new RegExp(`^${template.replaceAll('.', '\\.').replace(/:\w+/g, '[^/]+')}$`).test(path);

function document(app: OpenAPIHono, route: RouteDefinition): void {
  const json = (schema: unknown, example: unknown, type = 'application/json') => ({
    [type]: { schema: schema as never, ...(example !== undefined && { example }) },
  });
  const status = route.status ?? 200;
  app.openAPIRegistry.registerPath({
    method: route.method,
    path: route.path,
    operationId: `${route.method}${route.path.replace(/\W+(\w)?/g, (_, letter: string) => letter?.toUpperCase() ?? '')}`,
    tags: [route.tag],
    summary: route.summary,
    description: [
      route.description,
      route.readsOnly && 'Changes nothing: a token that may only read may send it.',
      `Needs: ${route.verb.role}.`,
    ]
      .filter(Boolean)
      .join('\n\n'),
    security: route.verb.role === 'anyone' ? [] : [{ bearer: [] }, { session: [] }],
    request: {
      ...(route.params && { params: route.params as never }),
      ...(route.query && { query: route.query as never }),
      ...(route.body && { body: { required: true, content: json(route.body, route.example) } }),
    },
    responses: {
      [status]: {
        description: status === 204 ? 'Done; no body.' : 'The answer.',
        ...(route.response && { content: json(route.response, route.responseExample, route.responseType) }),
      },
      default: {
        description: 'An error as problem+json with a stable `code`.',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } as never } },
      },
    },
  });
}
