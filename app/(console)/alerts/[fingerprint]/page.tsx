import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { AlertScreen } from '#components/alerts/detail/alert-screen.tsx';
import { fingerprint } from '#lib/alerts/schemas.ts';
import { requirePerson } from '../../session.ts';

export const metadata: Metadata = { title: 'Alert' };

/** One alert by its fingerprint: its newest firing, and those before. */
export default async function AlertPage({ params }: { params: Promise<{ fingerprint: string }> }) {
  await requirePerson();
  const wanted = fingerprint.safeParse((await params).fingerprint);
  if (!wanted.success) notFound();
  return <AlertScreen fingerprint={wanted.data} />;
}
