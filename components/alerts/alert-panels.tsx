'use client';
import './alerts.css';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { alertsQuery } from '#lib/alerts/queries.ts';
import type { Alert, AlertList } from '#lib/alerts/schemas.ts';
import { queryString } from '#lib/core/fetch-json.ts';
import { Age } from '../ui/age.tsx';
import { useEnvironment } from '../ui/environment.tsx';
import { Link } from '../ui/link.tsx';
import { Panel } from '../ui/panel.tsx';
import { type PanelState, panelStateOf } from '../ui/panel-state.ts';
import { Skeleton } from '../ui/skeleton.tsx';
import { Status } from '../ui/status.tsx';
import { AlertRow } from './alert-row.tsx';
import { worstFirst } from './arrange.ts';
import { matchersOfLabels } from './matchers.ts';
import { NoteDialog } from './note-dialog.tsx';
import { SilenceDialog } from './silence-dialog.tsx';
import { useAcknowledge } from './use-acknowledge.ts';

const most = 50;
const rowHeight = 76;

export interface SloAlertsProps {
  service?: string;
  slo?: string;
}

/** Alerts of an SLO that are held now, with what can be done about them. */
export function SloAlerts({ service, slo }: SloAlertsProps) {
  return <HeldAlerts service={service} slo={slo} title="Alerts" what={slo ? 'this SLO' : 'this service'} />;
}

/** Alerts of a service that are held now, of its SLOs and others. */
export function ServiceAlerts({ service }: { service: string }) {
  return <HeldAlerts service={service} title="Alerts" what="this service" />;
}

interface HeldAlertsProps extends SloAlertsProps {
  title: string;
  what: string;
}

function HeldAlerts({ service, slo, title, what }: HeldAlertsProps) {
  const { current } = useEnvironment();
  const query = useQuery({ ...alertsQuery({ env: current.name, service, slo, limit: most }), retry: false });
  const [silencing, setSilencing] = useState<Alert | null>(null);
  const [noting, setNoting] = useState<Alert | null>(null);
  const acknowledging = useAcknowledge();
  const { data } = query;
  const alerts = useMemo(() => [...(data?.items ?? [])].sort(worstFirst), [data]);
  const state = stateOf(query, data, what);
  const firing = alerts.filter((alert) => alert.state === 'firing').length;
  const without = slo ? (['service', 'slo'] as const) : (['service'] as const);
  return (
    <Panel
      title={title}
      meta={firing > 0 ? `${firing} ${firing === 1 ? 'fires' : 'fire'}` : undefined}
      status={data && alerts.length > 0 && firing === 0 ? <Status state="ok" word="all taken care of" /> : undefined}
      actions={
        <Link href={`/alerts?${queryString({ service, q: slo, state: 'resolved' })}`} className="link text-sm">
          Resolved
        </Link>
      }
      state={state.kind === 'loading' ? { kind: 'ok' } : state}
      bodyHeight={rowHeight}
      flush
    >
      {query.isPending ? (
        <div className="alert-row" aria-hidden="true">
          <Skeleton width={56} />
          <div className="grid gap-2">
            <Skeleton width="40%" />
            <Skeleton width="70%" />
          </div>
          <Skeleton width={190} height={28} />
        </div>
      ) : (
        <ul aria-label={`Alerts of ${what}, the worst first`}>
          {alerts.map((alert) => (
            <li key={alert.id} className="alert-item">
              <AlertRow
                alert={alert}
                without={without}
                acknowledging={acknowledging}
                onSilence={setSilencing}
                onNote={setNoting}
              />
            </li>
          ))}
        </ul>
      )}
      {data?.nextCursor ? <p className="faint px-3 py-2">The first {most} are shown.</p> : null}
      {silencing ? (
        <SilenceDialog begin={matchersOfLabels(silencing.labels)} onClose={() => setSilencing(null)} />
      ) : null}
      {noting ? <NoteDialog alert={noting} acknowledging={acknowledging} onClose={() => setNoting(null)} /> : null}
    </Panel>
  );
}

function stateOf(query: Parameters<typeof panelStateOf>[0], data: AlertList | undefined, what: string): PanelState {
  const state = panelStateOf(query, 'The console');
  if (state.kind !== 'ok' || !data || data.items.length > 0) return state;
  const { watchdog, alertmanager } = data;
  if (watchdog.state === 'absent' || alertmanager.state === 'failing') {
    return {
      kind: 'empty',
      title: `No alert of ${what} is held`,
      hint:
        watchdog.state === 'absent'
          ? 'But the Watchdog does not arrive: others might not either.'
          : 'But Alertmanager does not answer: there may be some.',
    };
  }
  const checked = alertmanager.lastReconciledAt;
  return {
    kind: 'empty',
    title: 'Nothing fires',
    hint: checked ? (
      <>
        Alertmanager was last checked <Age at={checked} />.
      </>
    ) : undefined,
  };
}
