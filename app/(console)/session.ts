import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { currentActor } from '#lib/auth/current-actor.ts';

/** Who looks at the page; whoever is not signed in goes to the sign-in, and from there back to where they wanted to be. */
export async function requirePerson(): Promise<NonNullable<Awaited<ReturnType<typeof currentActor>>>> {
  const actor = await currentActor();
  if (actor) return actor;
  const wanted = (await headers()).get('x-address') ?? '/';
  redirect(wanted === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(wanted)}`);
}
