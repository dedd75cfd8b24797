import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query';
import type { Metadata } from 'next';
import { NeedsYou } from '#components/overview/needs-you.tsx';
import { SourcesPanel } from '#components/overview/sources-panel.tsx';
import { ServicesPanel } from '#components/services/services-panel.tsx';
import { WhatChanged } from '#components/services/what-changed.tsx';
import { config } from '#lib/core/config.ts';
import { contextFor } from '#lib/core/context.ts';
import { log } from '#lib/core/log.ts';
import { seeOverview } from '#lib/overview/index.ts';
import { overviewQuery } from '#lib/overview/queries.ts';
import { requirePerson } from './session.ts';

export const metadata: Metadata = { title: 'Overview' };

/** A page that waits longer for its figures than this is worse than one that fetches them afterwards. */
const patienceMs = 700;

type Search = Promise<{ env?: string | string[] }>;

/** What needs a person, what changed, and every service: with its figures in the first answer where they are at hand. */
export default async function OverviewPage({ searchParams }: { searchParams: Search }) {
  const actor = await requirePerson();
  const { env } = await searchParams;
  const environment = typeof env === 'string' && env ? env : config().QD_DEFAULT_ENVIRONMENT;
  const client = new QueryClient();
  const asked = seeOverview({ ctx: contextFor(actor), environment }).catch((error: unknown) => {
    log().debug({ err: error }, 'the overview is left to the browser');
    return null;
  });
  const late = new Promise<null>((resolve) => setTimeout(resolve, patienceMs, null));
  const overview = await Promise.race([asked, late]);
  if (overview) client.setQueryData(overviewQuery(environment).queryKey, overview);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <h1 className="sr">Overview</h1>
      <NeedsYou />
      <WhatChanged />
      <div className="grid items-start gap-3 min-[1181px]:grid-cols-[minmax(0,1fr)_300px]">
        <ServicesPanel />
        <SourcesPanel />
      </div>
    </HydrationBoundary>
  );
}
