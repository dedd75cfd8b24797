'use client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { alertsQuery, silencesQuery } from '#lib/alerts/queries.ts';
import type { Alert, AlertList, Silence } from '#lib/alerts/schemas.ts';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { useEnvironment } from '../ui/environment.tsx';
import { Panel } from '../ui/panel.tsx';
import { type PanelState, panelStateOf } from '../ui/panel-state.ts';
import { Skeleton } from '../ui/skeleton.tsx';
import { toast } from '../ui/toast.ts';
import { useSave } from '../ui/use-save.ts';
import type { Matcher } from './matchers.ts';
import { SilenceRow } from './silence-row.tsx';
import { SourceNotes } from './source-notes.tsx';
import { useAlertsView } from './use-alerts-view.ts';

const rowHeight = 84;
const fewExpired = 20;
const order: Record<Silence['state'], number> = { active: 0, pending: 1, expired: 2 };

/** What ends soonest first; what is over, the newest first. */
function soonestFirst(a: Silence, b: Silence): number {
  const [ends, otherEnds] = [Date.parse(a.endsAt), Date.parse(b.endsAt)];
  return order[a.state] - order[b.state] || (a.state === 'expired' ? otherEnds - ends : ends - otherEnds);
}

/** Silences of Alertmanager: those in force, those to come, those that are over. */
export function SilencesPanel() {
  const { current } = useEnvironment();
  const [, setView] = useAlertsView();
  const query = useQuery(silencesQuery());
  const held = useQuery({ ...alertsQuery({ env: current.name, limit: 500 }), retry: false }).data;
  const [ending, setEnding] = useState<Silence | null>(null);
  const [isAll, setAll] = useState(false);
  const sorted = useMemo(() => [...(query.data?.items ?? [])].sort(soonestFirst), [query.data]);
  const alerts = useMemo(() => byId(held), [held]);
  const live = sorted.filter(({ state }) => state !== 'expired');
  const expired = sorted.filter(({ state }) => state === 'expired');
  const again = (matchers: readonly Matcher[]) => setView({ isSilencing: true, matchers });
  const state = panelStateOf(query, 'Alertmanager');
  const draw = (silence: Silence) => (
    <SilenceRow key={silence.id} silence={silence} alerts={alerts} onEnd={setEnding} onAgain={again} />
  );
  const shown = isAll ? expired : expired.slice(0, fewExpired);
  return (
    <>
      {held ? <SourceNotes watchdog={held.watchdog} alertmanager={held.alertmanager} /> : null}
      <Panel
        title={live.length === 0 ? 'Silences' : countWord(live)}
        state={
          state.kind === 'loading' ? { kind: 'ok' } : live.length === 0 && state.kind === 'ok' ? noSilences : state
        }
        bodyHeight={2 * rowHeight}
        flush
      >
        {query.isPending ? <SkeletonLines /> : <ul aria-label="Silences, what ends soonest first">{live.map(draw)}</ul>}
      </Panel>
      {expired.length > 0 ? (
        <Panel title="Over" meta={`${expired.length}, the newest first`} flush>
          <ul aria-label="Silences that are over">{shown.map(draw)}</ul>
          {expired.length > shown.length ? (
            <div className="border-t border-line p-3">
              <Button size="sm" onClick={() => setAll(true)}>
                Show all {expired.length}
              </Button>
            </div>
          ) : null}
        </Panel>
      ) : null}
      {ending ? <EndSilence silence={ending} onClose={() => setEnding(null)} /> : null}
    </>
  );
}

const noSilences: PanelState = {
  kind: 'empty',
  title: 'Nothing is silenced',
  hint: 'A silence keeps alerts that fit from telling anybody until it ends: for maintenance, or for what is known.',
};

function countWord(live: readonly Silence[]): string {
  const pending = live.filter(({ state }) => state === 'pending').length;
  const active = live.length - pending;
  const words = active === 1 ? '1 silence in force' : `${active} silences in force`;
  return pending > 0 ? `${words}, ${pending} to come` : words;
}

function byId(held: AlertList | undefined): ReadonlyMap<string, Alert> {
  return new Map(held?.items.map((alert) => [alert.id, alert]));
}

function EndSilence({ silence, onClose }: { silence: Silence; onClose: () => void }) {
  const client = useQueryClient();
  const save = useSave<Silence>();
  const count = silence.alerts.length;
  const confirm = async () => {
    if (!(await save.send('POST', `/api/v1/silences/${encodeURIComponent(silence.id)}/expire`, {}))) return;
    for (const topic of ['silences', 'alerts', 'overview']) void client.invalidateQueries({ queryKey: [topic] });
    toast.good('The silence is over');
    onClose();
  };
  return (
    <ConfirmDialog
      title="End this silence?"
      description={
        count === 0
          ? 'It quiets nothing now. What comes later is told again.'
          : `It quiets ${count === 1 ? '1 alert' : `${count} alerts`} now. Those that still hold are told again, and may page.`
      }
      verb="End now"
      busyWord="Ending…"
      busy={save.busy}
      error={save.general}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p className="dim pt-2 [overflow-wrap:anywhere]">
        “{silence.reason}”, by {silence.createdBy}
      </p>
    </ConfirmDialog>
  );
}

function SkeletonLines() {
  return [0, 1].map((index) => (
    <div key={index} className="silence" style={{ minHeight: rowHeight }} aria-hidden="true">
      <div className="grid gap-2">
        <Skeleton width="46%" />
        <Skeleton width="64%" />
        <Skeleton width="30%" />
      </div>
      <Skeleton width={84} height={28} />
    </div>
  ));
}
