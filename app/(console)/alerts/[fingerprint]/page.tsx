import { HydrationBoundary } from '@tanstack/react-query';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { AlertScreen } from '#components/alerts/detail/alert-screen.tsx';
import { seeAlert } from '#lib/alerts/index.ts';
import { alertQuery } from '#lib/alerts/queries.ts';
import { fingerprint } from '#lib/alerts/schemas.ts';
import { contextFor } from '#lib/core/context.ts';
import { prefetch } from '../../prefetch.ts';
import { requirePerson } from '../../session.ts';

export const metadata: Metadata = { title: 'Alert' };

/** One alert by its fingerprint: its newest firing, and those before. */
export default async function AlertPage({ params }: { params: Promise<{ fingerprint: string }> }) {
  const actor = await requirePerson();
  const parsed = fingerprint.safeParse((await params).fingerprint);
  if (!parsed.success) notFound();
  const wanted = parsed.data;
  const state = await prefetch(alertQuery(wanted).queryKey, seeAlert({ ctx: contextFor(actor), fingerprint: wanted }));
  return (
    <HydrationBoundary state={state}>
      <AlertScreen fingerprint={wanted} />
    </HydrationBoundary>
  );
}
