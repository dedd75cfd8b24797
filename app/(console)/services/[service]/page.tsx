import { HydrationBoundary } from '@tanstack/react-query';
import type { Metadata } from 'next';
import { ServiceAlerts } from '#components/alerts/alert-panels.tsx';
import { ServiceScreen } from '#components/services/detail/service-screen.tsx';
import { ServiceSlos } from '#components/slos/service-slos.tsx';
import { SuspectsPanel } from '#components/traces/suspects/suspects-panel.tsx';
import { config } from '#lib/core/config.ts';
import { seeService } from '#lib/telemetry/index.ts';
import { serviceQuery } from '#lib/telemetry/queries.ts';
import { nameOf } from '../../address.ts';
import { environmentOf, prefetch } from '../../prefetch.ts';
import { requirePerson } from '../../session.ts';

interface Address {
  params: Promise<{ service: string }>;
  searchParams: Promise<{ env?: string | string[] }>;
}

export async function generateMetadata({ params }: Address): Promise<Metadata> {
  return { title: nameOf((await params).service) };
}

/** One service; its tab, time range and environment stand in the address. */
export default async function ServicePage({ params, searchParams }: Address) {
  await requirePerson();
  const service = nameOf((await params).service);
  const env = await environmentOf(searchParams);
  const state = await prefetch(serviceQuery({ env, service }).queryKey, seeService(env, service));
  return (
    <HydrationBoundary state={state}>
      <ServiceScreen
        service={service}
        suspects={<SuspectsPanel service={service} />}
        reliability={
          <>
            <ServiceSlos service={service} generatedUntil={config().QD_GENERATED_HISTORY_UNTIL ?? null} />
            <ServiceAlerts service={service} />
          </>
        }
      />
    </HydrationBoundary>
  );
}
