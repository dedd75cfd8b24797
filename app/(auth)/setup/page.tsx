import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { AccountCard } from '#components/auth/account-card.tsx';
import { SetUpForm } from '#components/auth/set-up-form.tsx';
import { needsSetUp } from '#lib/auth/index.ts';

export const metadata: Metadata = { title: 'Set up' };

export default async function SetUpPage() {
  if (!(await needsSetUp())) notFound();
  return (
    <AccountCard title="Set up Quarterdeck" lead="This makes the first admin. The page is gone afterwards.">
      <SetUpForm />
    </AccountCard>
  );
}
