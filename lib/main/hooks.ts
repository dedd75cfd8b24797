import { trustedProxies } from '#lib/auth/index.ts';
import { config } from '#lib/core/config.ts';
import { type Call, contextFor } from '#lib/core/context.ts';
import { AppError } from '#lib/core/errors.ts';
import { sameSecret } from '#lib/core/hash.ts';
import { recordChange } from '#lib/facts/index.ts';
import { clientAddress, parseJson, problemResponse, readBody, toAppError } from '#lib/http/index.ts';

const hooks: Record<string, (call: Call) => Promise<unknown>> = { changes: recordChange };

/** Answers `/api/hooks/{name}`: what other systems tell us, under a token of its own. */
export async function answerHook(name: string, request: Request): Promise<Response> {
  const ctx = contextFor(null);
  try {
    const hook = Object.hasOwn(hooks, name) ? hooks[name] : undefined;
    if (!hook) throw new AppError('request.not_found', `There is /api/hooks/${Object.keys(hooks).join(', ')}.`);
    ctx.address = clientAddress(request.headers, trustedProxies());
    requireToken(request);
    ctx.actor = { kind: 'hook', id: name, name: `Hook ${name}` };
    const body = parseJson(await readBody(request), request.headers.get('content-type'));
    return Response.json(await hook({ ctx, input: body }), { status: 202, headers: { 'x-request-id': ctx.requestId } });
  } catch (error) {
    return problemResponse(toAppError(error, ctx.requestId), ctx.requestId);
  }
}

function requireToken(request: Request): void {
  const expected = config().QD_HOOK_TOKEN;
  const given = /^Bearer\s+(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
  if (expected && given && sameSecret(given, expected)) return;
  throw new AppError('hooks.token_wrong', 'Send Authorization: Bearer with the hook token (QD_HOOK_TOKEN).');
}
