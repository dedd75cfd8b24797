import { HydrationBoundary } from '@tanstack/react-query';
import type { Metadata } from 'next';
import { ImportDialog } from '#components/slos/editor/import-dialog.tsx';
import { SlosScreen } from '#components/slos/slos-screen.tsx';
import { config } from '#lib/core/config.ts';
import { contextFor } from '#lib/core/context.ts';
import { listSlos } from '#lib/slo/index.ts';
import { slosQuery } from '#lib/slo/queries.ts';
import { environmentOf, prefetch } from '../prefetch.ts';
import { requirePerson } from '../session.ts';

export const metadata: Metadata = { title: 'SLOs' };

type Search = Promise<{ env?: string | string[] }>;

/** Every SLO; which, and in what order, stands in the address. */
export default async function SlosPage({ searchParams }: { searchParams: Search }) {
  const actor = await requirePerson();
  const environment = await environmentOf(searchParams);
  const state = await prefetch(slosQuery(environment).queryKey, listSlos(contextFor(actor), environment, {}));
  return (
    <HydrationBoundary state={state}>
      <SlosScreen role={actor.role} generatedUntil={config().QD_GENERATED_HISTORY_UNTIL ?? null} />
      <ImportDialog role={actor.role} />
    </HydrationBoundary>
  );
}
