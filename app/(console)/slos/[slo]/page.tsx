import { HydrationBoundary } from '@tanstack/react-query';
import type { Metadata } from 'next';
import { SloAlerts } from '#components/alerts/alert-panels.tsx';
import { SloScreen } from '#components/slos/detail/slo-screen.tsx';
import { contextFor } from '#lib/core/context.ts';
import { seeSlo } from '#lib/slo/index.ts';
import { sloQuery } from '#lib/slo/queries.ts';
import { nameOf } from '../../address.ts';
import { environmentOf, prefetch } from '../../prefetch.ts';
import { requirePerson } from '../../session.ts';

interface Address {
  params: Promise<{ slo: string }>;
  searchParams: Promise<{ env?: string | string[] }>;
}

export async function generateMetadata({ params }: Address): Promise<Metadata> {
  return { title: nameOf((await params).slo) };
}

/** One SLO; its tab, time range and environment stand in the address. */
export default async function SloPage({ params, searchParams }: Address) {
  const actor = await requirePerson();
  const slo = nameOf((await params).slo);
  const env = await environmentOf(searchParams);
  const state = await prefetch(
    sloQuery({ env, slo }).queryKey,
    seeSlo(contextFor(actor), { environment: env, name: slo }),
  );
  return (
    <HydrationBoundary state={state}>
      <SloScreen slo={slo} me={{ id: actor.id, role: actor.role }} alerts={<SloAlerts slo={slo} />} />
    </HydrationBoundary>
  );
}
