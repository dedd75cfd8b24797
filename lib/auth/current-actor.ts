import { headers } from 'next/headers';
import type { Actor } from '#lib/core/actor.ts';
import { config } from '#lib/core/config.ts';
import { authenticate } from './authenticate.ts';

/** Who looks at the page that is being rendered; null when nobody is signed in. For server components only. */
export async function currentActor(): Promise<Extract<Actor, { kind: 'person' }> | null> {
  const cookie = (await headers()).get('cookie');
  if (!cookie) return null;
  const found = await authenticate(new Request(config().QD_PUBLIC_URL, { headers: { cookie } }));
  return found?.actor.kind === 'person' ? found.actor : null;
}
