'use client';
import '../alerts.css';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { alertQuery } from '#lib/alerts/queries.ts';
import type { Alert, AlertDetail } from '#lib/alerts/schemas.ts';
import { ApiError } from '#lib/core/fetch-json.ts';
import { useTimeRange } from '../../charts/time-range.tsx';
import { buttonClass } from '../../ui/button.tsx';
import { formatDateTime } from '../../ui/format-time.ts';
import { Link } from '../../ui/link.tsx';
import { Panel } from '../../ui/panel.tsx';
import { type PanelState, panelStateOf } from '../../ui/panel-state.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { matchersOfLabels } from '../matchers.ts';
import { NoteDialog } from '../note-dialog.tsx';
import { SilenceDialog } from '../silence-dialog.tsx';
import { useAcknowledge } from '../use-acknowledge.ts';
import { useAlertKeys } from '../use-alert-keys.ts';
import { AlertFacts } from './alert-facts.tsx';
import { AlertHeader } from './alert-header.tsx';
import { EarlierFirings, History } from './alert-history.tsx';
import { ExpressionChart } from './expression-chart.tsx';

/** One alert: what it means, how it went over time, what became of it, and what to do about it. */
export function AlertScreen({ fingerprint }: { fingerprint: string }) {
  const query = useQuery({ ...alertQuery(fingerprint), retry: false });
  const [isSilencing, setSilencing] = useState(false);
  const [noting, setNoting] = useState<Alert | null>(null);
  const acknowledging = useAcknowledge();
  const { data } = query;
  useAlertKeys({ chosen: data?.alert ?? null, acknowledging, onSilence: () => setSilencing(true) });
  const state = stateOf(query);
  if (!data) {
    return state.kind === 'loading' ? <Waiting /> : <Panel title="Alert" state={state} bodyHeight={160} />;
  }
  const { alert, explanation, silences } = data;
  return (
    <>
      <AlertHeader
        alert={alert}
        state={state}
        acknowledging={acknowledging}
        onSilence={() => setSilencing(true)}
        onNote={setNoting}
      />
      <div className="cols alert-cols">
        <div className="stack">
          {explanation.length > 0 ? (
            <Panel title="What it means">
              <div className="grid max-w-[90ch] gap-1 [overflow-wrap:anywhere]">
                {explanation.map((sentence) => (
                  <p key={sentence}>{sentence}</p>
                ))}
              </div>
            </Panel>
          ) : null}
          <ExpressionChart detail={data} />
          <History events={data.history} />
          <EarlierFirings earlier={data.earlier} />
        </div>
        <div className="stack">
          <Silences silences={silences} />
          <AlertFacts alert={alert} expression={data.expression} />
        </div>
      </div>
      {isSilencing ? (
        <SilenceDialog begin={matchersOfLabels(alert.labels)} onClose={() => setSilencing(false)} />
      ) : null}
      {noting ? <NoteDialog alert={noting} acknowledging={acknowledging} onClose={() => setNoting(null)} /> : null}
    </>
  );
}

function stateOf(query: Parameters<typeof panelStateOf>[0]): PanelState {
  if (query.error instanceof ApiError && query.error.status === 404) {
    return {
      kind: 'empty',
      title: 'No such alert',
      hint: 'Nothing with this fingerprint was heard of, or it was forgotten since.',
      action: (
        <Link href="/alerts" className={buttonClass()}>
          All alerts
        </Link>
      ),
    };
  }
  return panelStateOf(query, 'The console');
}

/** The places of what is on its way, in the size of what comes. */
function Waiting() {
  return (
    <>
      <Panel bodyHeight={122}>
        <div className="grid gap-3 pt-1">
          <Skeleton width="38%" height={22} />
          <Skeleton width="80%" />
          <Skeleton width="64%" />
          <Skeleton width="46%" height={24} />
        </div>
      </Panel>
      <div className="cols alert-cols">
        <div className="stack">
          <Panel title="What it means" bodyHeight={60}>
            <Skeleton width="70%" />
          </Panel>
          <Panel title="Its expression over time" bodyHeight={236}>
            <Skeleton height={200} />
          </Panel>
        </div>
        <Panel title="Labels" bodyHeight={180}>
          <Skeleton height={150} />
        </Panel>
      </div>
    </>
  );
}

function Silences({ silences }: Pick<AlertDetail, 'silences'>) {
  const { zone } = useTimeRange();
  if (silences.length === 0) return null;
  return (
    <Panel
      title="Silenced by"
      actions={
        <Link href="/alerts?view=silences" className="link text-sm">
          Silences
        </Link>
      }
    >
      <ul className="grid gap-2">
        {silences.map(({ id, comment, createdBy, endsAt }) => (
          <li key={id} className="[overflow-wrap:anywhere]">
            “{comment}”
            <span className="faint block text-sm">
              {createdBy}, until {formatDateTime(Date.parse(endsAt), zone, false)}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
