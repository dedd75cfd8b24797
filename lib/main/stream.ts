import { authenticate } from '#lib/auth/index.ts';
import { personOf } from '#lib/core/actor.ts';
import { AppError } from '#lib/core/errors.ts';
import { newId } from '#lib/core/ids.ts';
import { once } from '#lib/core/registry.ts';
import { listener } from '#lib/db/index.ts';
import { maySee } from '#lib/facts/index.ts';
import { problemResponse, StreamHub, toAppError } from '#lib/http/index.ts';

export function streamHub(): StreamHub {
  return once(
    'stream-hub',
    () =>
      new StreamHub(listener(), {
        maySee,
        endsStream: (actor, { topic, id }) =>
          (topic === 'me' && id === personOf(actor)) || (topic === 'tokens' && id === actor.id),
      }),
  );
}

/** Answers `/api/stream`: what changed, as server-sent events, for whoever is signed in. */
export async function openStream(request: Request): Promise<Response> {
  const requestId = newId();
  try {
    const authenticated = await authenticate(request);
    if (!authenticated) throw new AppError('auth.unauthenticated', 'Sign in, or send a bearer token.');
    const identify = async () => (await authenticate(request))?.actor ?? null;
    return streamHub().open(authenticated.actor, request.signal, identify);
  } catch (error) {
    return problemResponse(toAppError(error, requestId), requestId);
  }
}
