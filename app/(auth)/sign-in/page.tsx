import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { AccountCard } from '#components/auth/account-card.tsx';
import { SignInForm } from '#components/auth/sign-in-form.tsx';
import { currentActor } from '#lib/auth/current-actor.ts';
import { needsSetUp } from '#lib/auth/index.ts';

export const metadata: Metadata = { title: 'Sign in' };

/** A path of this console; anything else leads to the overview. */
function ownPath(next: string | string[] | undefined): string {
  return typeof next === 'string' && /^\/(?![/\\])/.test(next) ? next : '/';
}

async function waiting(): Promise<boolean> {
  try {
    return await needsSetUp();
  } catch {
    return false; // the form itself says that the database is away
  }
}

export default async function SignInPage({ searchParams }: { searchParams: Promise<{ next?: string | string[] }> }) {
  const next = ownPath((await searchParams).next);
  if (await waiting()) redirect('/setup');
  if (await currentActor().catch(() => null)) redirect(next);
  return (
    <AccountCard title="Sign in">
      <SignInForm next={next} />
    </AccountCard>
  );
}
