import { HydrationBoundary } from '@tanstack/react-query';
import type { Metadata } from 'next';
import { SourcesPanel } from '#components/overview/sources-panel.tsx';
import { ServicesPanel } from '#components/services/services-panel.tsx';
import { WhatChanged } from '#components/services/what-changed.tsx';
import { BudgetsPanel } from '#components/slos/budgets-panel.tsx';
import { config } from '#lib/core/config.ts';
import { contextFor } from '#lib/core/context.ts';
import { seeOverview } from '#lib/overview/index.ts';
import { overviewQuery } from '#lib/overview/queries.ts';
import { OverviewNeeds } from './overview-needs.tsx';
import { environmentOf, prefetch } from './prefetch.ts';
import { requirePerson } from './session.ts';

export const metadata: Metadata = { title: 'Overview' };

type Search = Promise<{ env?: string | string[] }>;

/** What needs a person, what changed, and every service. */
export default async function OverviewPage({ searchParams }: { searchParams: Search }) {
  const actor = await requirePerson();
  const environment = await environmentOf(searchParams);
  const state = await prefetch(
    overviewQuery(environment).queryKey,
    seeOverview({ ctx: contextFor(actor), environment }),
  );
  return (
    <HydrationBoundary state={state}>
      <h1 className="sr">Overview</h1>
      <OverviewNeeds />
      <WhatChanged />
      <div className="grid items-start gap-3 min-[1181px]:grid-cols-[minmax(0,1fr)_300px]">
        <ServicesPanel />
        <div className="stack">
          <BudgetsPanel generatedUntil={config().QD_GENERATED_HISTORY_UNTIL ?? null} />
          <SourcesPanel />
        </div>
      </div>
    </HydrationBoundary>
  );
}
