import { HydrationBoundary } from '@tanstack/react-query';
import type { Metadata } from 'next';
import { ServicesScreen } from '#components/services/services-screen.tsx';
import { listServices } from '#lib/telemetry/index.ts';
import { servicesQuery } from '#lib/telemetry/queries.ts';
import { environmentOf, prefetch } from '../prefetch.ts';
import { requirePerson } from '../session.ts';

export const metadata: Metadata = { title: 'Services' };

type Search = Promise<{ env?: string | string[] }>;

/** Every service; which, and in what order, stands in the address. */
export default async function ServicesPage({ searchParams }: { searchParams: Search }) {
  await requirePerson();
  const environment = await environmentOf(searchParams);
  const state = await prefetch(servicesQuery(environment).queryKey, listServices(environment));
  return (
    <HydrationBoundary state={state}>
      <ServicesScreen />
    </HydrationBoundary>
  );
}
