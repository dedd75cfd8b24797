'use client';
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'next/navigation';
import { type ReactNode, useMemo } from 'react';
import { type Change, changesQuery } from '#lib/facts/change-queries.ts';
import { redQuery, serviceQuery } from '#lib/telemetry/queries.ts';
import { TimeAxisProvider } from '../../charts/time-axis.tsx';
import { useRange } from '../../charts/use-range.ts';
import { useEnvironment } from '../../ui/environment.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { answerState } from '../answer-state.ts';
import { BusinessTab } from './business-tab.tsx';
import { DependenciesPanel } from './dependencies-panel.tsx';
import { OverviewTab } from './overview-tab.tsx';
import { ReplicasPanel } from './replicas-panel.tsx';
import { ResourcesTab } from './resources-tab.tsx';
import { RoutesPanel } from './routes-panel.tsx';
import { ServiceHeader } from './service-header.tsx';
import { ServiceMissing } from './service-missing.tsx';

const tabs = [
  { id: 'overview', label: 'Overview' },
  { id: 'routes', label: 'Routes' },
  { id: 'replicas', label: 'Replicas' },
  { id: 'dependencies', label: 'Dependencies' },
  { id: 'resources', label: 'Resources' },
  { id: 'business', label: 'Business' },
] as const;
type Tab = (typeof tabs)[number]['id'];

const noChanges: Change[] = [];
const isUnknown = (error: unknown) => (error as { status?: number } | null)?.status === 404;

export interface ServiceScreenProps {
  service: string;
  /** What explains its failing requests, from a room that this one does not know. */
  suspects?: ReactNode;
  /** Panels of its SLOs and alerts, from rooms that this one does not know. */
  reliability?: ReactNode;
}

/** One service: how it is, over the page's time range. */
export function ServiceScreen({ service, suspects, reliability }: ServiceScreenProps) {
  const { current } = useEnvironment();
  const { fromMs, toMs, zone, zoom, zoomOut, wanted, live, paused } = useRange();
  const params = useSearchParams();
  const tab: Tab = tabs.find(({ id }) => id === params.get('tab'))?.id ?? 'overview';
  const options = serviceQuery({ env: current.name, service });
  const query = useQuery({ ...options, refetchInterval: paused ? false : options.refetchInterval });
  const gone = isUnknown(query.error);
  // One that is gone now may still have been there in the range.
  const before = useQuery({
    ...redQuery({ env: current.name, service, ...wanted, width: 600 }),
    enabled: gone,
  });
  const changes = useQuery(changesQuery({ env: current.name, service, fromMs, toMs, live }));
  const markers = changes.data ?? noChanges;
  const axis = useMemo(
    () => ({ fromMs, toMs, zone, markers, onZoom: zoom, onZoomOut: zoomOut }),
    [fromMs, toMs, zone, markers, zoom, zoomOut],
  );
  const summary = gone ? null : (query.data?.service ?? null);

  if (gone && isUnknown(before.error)) return <ServiceMissing service={service} />;
  const state = answerState(query);
  const path = `/services/${encodeURIComponent(service)}`;
  return (
    <TimeAxisProvider axis={axis}>
      <ServiceHeader
        service={service}
        summary={summary}
        loading={query.isPending}
        gone={gone}
        asOf={query.data?.asOf}
      />
      <Tabs
        label="Parts of the service"
        items={tabs.map(({ id, label }) => ({
          href: id === 'overview' ? path : `${path}?tab=${id}`,
          label,
          current: id === tab,
        }))}
      />
      {state.kind === 'sourceDown' && !gone ? (
        <Panel title="Figures" state={state} bodyHeight={230} />
      ) : (
        <div className="stack" data-testid={`tab-${tab}`}>
          {tab === 'overview' ? (
            <OverviewTab
              service={service}
              summary={summary}
              changes={changes}
              suspects={suspects}
              reliability={reliability}
            />
          ) : null}
          {tab === 'routes' ? <RoutesPanel service={service} /> : null}
          {tab === 'replicas' ? <ReplicasPanel service={service} /> : null}
          {tab === 'dependencies' ? <DependenciesPanel service={service} /> : null}
          {tab === 'resources' ? <ResourcesTab service={service} /> : null}
          {tab === 'business' ? <BusinessTab service={service} /> : null}
        </div>
      )}
    </TimeAxisProvider>
  );
}
