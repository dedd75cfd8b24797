import { trustedProxies } from '#lib/auth/index.ts';
import { config } from '#lib/core/config.ts';
import { type Call, type Context, contextFor } from '#lib/core/context.ts';
import type { Verb } from '#lib/core/define-verb.ts';
import { AppError } from '#lib/core/errors.ts';
import { sameSecret } from '#lib/core/hash.ts';
import { auditNobody, recordChange } from '#lib/facts/index.ts';
import * as verbs from '#lib/facts/verbs.ts';
import { bearerOf, clientAddress, parseJson, problemResponse, readBody, toAppError } from '#lib/http/index.ts';

interface Hook {
  verb: Verb;
  handle: (call: Call) => Promise<unknown>;
}

const hooks: Record<string, Hook> = { changes: { verb: verbs.recordChange, handle: recordChange } };

/** Answers `/api/hooks/{name}`: what other systems tell us, under a token of its own. */
export async function answerHook(name: string, request: Request): Promise<Response> {
  const ctx = contextFor(null);
  try {
    const hook = Object.hasOwn(hooks, name) ? hooks[name] : undefined;
    if (!hook) throw new AppError('request.not_found', `There is /api/hooks/${Object.keys(hooks).join(', ')}.`);
    if (request.method !== 'POST') {
      return problemResponse(new AppError('request.method_not_allowed', 'It takes POST.'), ctx.requestId, {
        allow: 'POST',
      });
    }
    ctx.address = clientAddress(request.headers, trustedProxies());
    await requireToken(ctx, hook.verb, request);
    ctx.actor = { kind: 'hook', id: name, name: `Hook ${name}` };
    const body = parseJson(await readBody(request), request.headers.get('content-type'));
    const answer = await hook.handle({ ctx, input: body });
    return Response.json(answer, { status: 202, headers: { 'x-request-id': ctx.requestId } });
  } catch (error) {
    return problemResponse(toAppError(error, ctx.requestId), ctx.requestId);
  }
}

async function requireToken(ctx: Context, verb: Verb, request: Request): Promise<void> {
  const expected = config().QD_HOOK_TOKEN;
  const given = bearerOf(request.headers);
  if (expected && given && sameSecret(given, expected)) return;
  await auditNobody(ctx, verb, 'hooks.token_wrong');
  throw new AppError('hooks.token_wrong', 'Send Authorization: Bearer with the hook token (QD_HOOK_TOKEN).');
}
