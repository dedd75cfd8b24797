'use client';
import './alerts.css';
import { useQuery } from '@tanstack/react-query';
import { silencesQuery } from '#lib/alerts/queries.ts';
import { createSilence } from '#lib/alerts/verbs.ts';
import { useRefusal } from '../shell/viewer.tsx';
import { Button } from '../ui/button.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { AlertsPanel } from './alerts-panel.tsx';
import { SilenceDialog } from './silence-dialog.tsx';
import { SilencesPanel } from './silences-panel.tsx';
import { useAlertsView } from './use-alerts-view.ts';

/** What Alertmanager holds, and what is silenced; which of it stands in the address. */
export function AlertsScreen() {
  const [view, setView] = useAlertsView();
  const refusal = useRefusal(createSilence);
  const silences = useQuery({ ...silencesQuery(), retry: false }).data?.items ?? [];
  const active = silences.filter(({ state }) => state === 'active').length;
  const isSilences = view.view === 'silences';
  return (
    <>
      <div className="row wrap gap-y-1">
        <h1>Alerts</h1>
        {refusal ? (
          <span className="faint grow">Acknowledging or silencing {refusal}.</span>
        ) : (
          <span className="grow" />
        )}
        <Button
          disabled={refusal !== null}
          title={refusal ?? undefined}
          onClick={() => setView({ isSilencing: true, matchers: [] })}
        >
          New silence…
        </Button>
      </div>
      <Tabs
        label="Alerts and silences"
        items={[
          { href: '/alerts', label: 'Alerts', current: !isSilences },
          {
            href: '/alerts?view=silences',
            label: active > 0 ? `Silences (${active} active)` : 'Silences',
            current: isSilences,
          },
        ]}
      />
      {isSilences ? <SilencesPanel /> : <AlertsPanel view={view} onChange={setView} />}
      {view.isSilencing && refusal === null ? (
        <SilenceDialog begin={view.matchers} onClose={() => setView({ isSilencing: false, matchers: [] })} />
      ) : null}
    </>
  );
}
