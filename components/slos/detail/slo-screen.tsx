'use client';
import '../slos.css';
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'next/navigation';
import type { ReactNode } from 'react';
import { sloQuery } from '#lib/slo/queries.ts';
import { Age } from '../../ui/age.tsx';
import { useEnvironment } from '../../ui/environment.tsx';
import { Note } from '../../ui/note.tsx';
import { Panel } from '../../ui/panel.tsx';
import { panelStateOf } from '../../ui/panel-state.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { sloHref } from '../words.ts';
import type { Me } from './exclusions-panel.tsx';
import { OverviewTab } from './overview-tab.tsx';
import { RevisionsTab } from './revisions-tab.tsx';
import { SloHeader, SloNotes } from './slo-header.tsx';
import { SloMissing } from './slo-missing.tsx';
import { OpenSloTab, RulesTab } from './text-tabs.tsx';
import { useSloRange } from './use-slo-range.ts';

const tabs = [
  { id: 'overview', label: 'Overview' },
  { id: 'alerts', label: 'Alerts' },
  { id: 'revisions', label: 'Revisions' },
  { id: 'rules', label: 'Rules' },
  { id: 'openslo', label: 'OpenSLO' },
] as const;
type Tab = (typeof tabs)[number]['id'];

export interface SloScreenProps {
  slo: string;
  me: Me;
  /** Its alerts, from a room that this one does not know. */
  alerts?: ReactNode;
}

/** One SLO: how much of its budget is left, where it went, and how long it lasts. */
export function SloScreen({ slo: name, me, alerts }: SloScreenProps) {
  const { current } = useEnvironment();
  const { zone, paused } = useSloRange();
  const params = useSearchParams();
  const offered = tabs.filter(({ id }) => id !== 'alerts' || alerts !== undefined);
  const tab: Tab = offered.find(({ id }) => id === params.get('tab'))?.id ?? 'overview';
  const options = sloQuery({ env: current.name, slo: name });
  const query = useQuery({ ...options, refetchInterval: paused ? false : options.refetchInterval });
  const slo = query.data;
  if ((query.error as { status?: number } | null)?.status === 404) return <SloMissing slo={name} />;
  const state = panelStateOf(query, 'The console');
  if (!slo) {
    return (
      <>
        <h1 className="min-w-0 [overflow-wrap:anywhere]">{name}</h1>
        {state.kind === 'loading' ? <Loading /> : <Panel title="Figures" state={state} bodyHeight={230} />}
      </>
    );
  }
  // The figures were computed at the end of their last bucket, or at the last answer.
  const nowMs = query.dataUpdatedAt;
  const shared = { slo, zone, nowMs };
  return (
    <>
      <SloHeader slo={slo} role={me.role} />
      {state.kind === 'stale' ? (
        <Note>
          These figures are <Age at={state.asOf} suffix="" /> old: {(query.error as Error).message}
        </Note>
      ) : null}
      <SloNotes slo={slo} />
      <Tabs
        label="Parts of the SLO"
        items={offered.map(({ id, label }) => ({ href: sloHref(name, id), label, current: id === tab }))}
      />
      <div className="stack" data-testid={`tab-${tab}`}>
        {tab === 'overview' ? <OverviewTab {...shared} me={me} /> : null}
        {tab === 'alerts' ? alerts : null}
        {tab === 'revisions' ? <RevisionsTab {...shared} /> : null}
        {tab === 'rules' ? <RulesTab slo={slo} /> : null}
        {tab === 'openslo' ? <OpenSloTab slo={slo} /> : null}
      </div>
    </>
  );
}

function Loading() {
  return (
    <div className="stack" aria-busy="true">
      <span className="sr">loading</span>
      <Skeleton height={88} />
      <div className="grid gap-3 min-[1081px]:grid-cols-[minmax(0,1fr)_300px]">
        <Skeleton height={300} />
        <Skeleton height={300} />
      </div>
    </div>
  );
}
