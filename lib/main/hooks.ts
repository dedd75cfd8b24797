import { deliveryLimitBytes, receiveAlerts, setAside } from '#lib/alerts/index.ts';
import * as alertVerbs from '#lib/alerts/verbs.ts';
import { trustedProxies } from '#lib/auth/index.ts';
import { config } from '#lib/core/config.ts';
import { type Call, type Context, contextFor } from '#lib/core/context.ts';
import type { Verb } from '#lib/core/define-verb.ts';
import { AppError } from '#lib/core/errors.ts';
import { sameSecret } from '#lib/core/hash.ts';
import { metrics } from '#lib/core/metrics.ts';
import { auditNobody, recordChange } from '#lib/facts/index.ts';
import * as verbs from '#lib/facts/verbs.ts';
import { bearerOf, clientAddress, parseJson, problemResponse, readBody, toAppError } from '#lib/http/index.ts';

interface Hook {
  verb: Verb;
  handle: (call: Call) => Promise<unknown>;
  limitBytes?: number;
  /** Told of a body that was let in and cannot be taken: its text and why. */
  refused?: (text: string, error: AppError) => Promise<void>;
}

const hooks: Record<string, Hook> = {
  changes: { verb: verbs.recordChange, handle: recordChange },
  alertmanager: {
    verb: alertVerbs.receiveAlerts,
    handle: receiveAlerts,
    limitBytes: deliveryLimitBytes,
    refused: setAside,
  },
};

/** Answers `/api/hooks/{name}`: what other systems tell us, under a token of its own. */
export async function answerHook(name: string, request: Request): Promise<Response> {
  const started = performance.now();
  const hook = Object.hasOwn(hooks, name) ? hooks[name] : undefined;
  const response = await answer(name, hook, request);
  metrics().requests.observe(
    {
      http_request_method: request.method,
      http_route: hook ? `/api/hooks/${name}` : '/api/hooks/{name}',
      http_response_status_code: String(response.status),
    },
    (performance.now() - started) / 1_000,
  );
  return response;
}

async function answer(name: string, hook: Hook | undefined, request: Request): Promise<Response> {
  const ctx = contextFor(null);
  try {
    if (!hook) throw new AppError('request.not_found', `There is /api/hooks/${Object.keys(hooks).join(', ')}.`);
    if (request.method !== 'POST') {
      return problemResponse(new AppError('request.method_not_allowed', 'It takes POST.'), ctx.requestId, {
        allow: 'POST',
      });
    }
    ctx.address = clientAddress(request.headers, trustedProxies());
    await requireToken(ctx, hook.verb, request);
    ctx.actor = { kind: 'hook', id: name, name: `Hook ${name}` };
    const told = await take(hook, request, ctx);
    return Response.json(told, { status: 202, headers: { 'x-request-id': ctx.requestId } });
  } catch (error) {
    return problemResponse(toAppError(error, ctx.requestId), ctx.requestId);
  }
}

async function take(hook: Hook, request: Request, ctx: Context): Promise<unknown> {
  let text = '';
  try {
    text = await readBody(request, hook.limitBytes);
    return await hook.handle({ ctx, input: parseJson(text, request.headers.get('content-type')) });
  } catch (error) {
    if (error instanceof AppError && (error.status === 400 || error.status === 413)) await hook.refused?.(text, error);
    throw error;
  }
}

async function requireToken(ctx: Context, verb: Verb, request: Request): Promise<void> {
  const expected = config().QD_HOOK_TOKEN;
  const given = bearerOf(request.headers);
  if (expected && given && sameSecret(given, expected)) return;
  await auditNobody(ctx, verb, 'hooks.token_wrong');
  throw new AppError('hooks.token_wrong', 'Send Authorization: Bearer with the hook token (QD_HOOK_TOKEN).');
}
