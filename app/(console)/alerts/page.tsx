import { HydrationBoundary } from '@tanstack/react-query';
import type { Metadata } from 'next';
import { AlertsScreen } from '#components/alerts/alerts-screen.tsx';
import { parseAlertsView, wantedOf } from '#components/alerts/alerts-url.ts';
import { listAlerts } from '#lib/alerts/index.ts';
import { alertPagesQuery, alertsPageSize } from '#lib/alerts/queries.ts';
import { contextFor } from '#lib/core/context.ts';
import { environmentOf, prefetch } from '../prefetch.ts';
import { requirePerson } from '../session.ts';

export const metadata: Metadata = { title: 'Alerts' };

type Search = Promise<Record<string, string | string[] | undefined>>;

/** What Alertmanager holds; filters, view and dialog stand in the address. */
export default async function AlertsPage({ searchParams }: { searchParams: Search }) {
  const actor = await requirePerson();
  const environment = await environmentOf(searchParams);
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(await searchParams)) {
    for (const one of [value ?? []].flat()) params.append(name, one);
  }
  const wanted = wantedOf(environment, parseAlertsView(params));
  const first = listAlerts({ ctx: contextFor(actor), query: { ...wanted, limit: alertsPageSize } });
  const state = await prefetch(
    alertPagesQuery(wanted).queryKey,
    first.then((page) => ({ pages: [page], pageParams: [undefined] })),
  );
  return (
    <HydrationBoundary state={state}>
      <AlertsScreen />
    </HydrationBoundary>
  );
}
