'use client';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type Role, roleAtLeast } from '#lib/core/actor.ts';
import { sloExclusionsQuery } from '#lib/slo/queries.ts';
import type { Exclusion, SloDetail } from '#lib/slo/schemas.ts';
import { decideExclusion, proposeExclusion, withdrawExclusion } from '#lib/slo/verbs.ts';
import { useRange } from '../../charts/use-range.ts';
import { Button } from '../../ui/button.tsx';
import { formatClock, formatDateTime, formatDay, type Zone } from '../../ui/format-time.ts';
import { ExternalLink } from '../../ui/link.tsx';
import { Panel } from '../../ui/panel.tsx';
import { panelStateOf } from '../../ui/panel-state.ts';
import { whoMay } from '../../ui/restricted.ts';
import { Status } from '../../ui/status.tsx';
import { budgetText, eventsText } from '../words.ts';
import { DecideExclusion, type Decision } from './decide-exclusion.tsx';
import { unitOfBudget } from './detail-words.ts';
import { ProposeExclusion } from './propose-exclusion.tsx';

export interface Me {
  id: string;
  role: Role;
}

export interface ExclusionsPanelProps {
  slo: SloDetail;
  me: Me;
  zone: Zone;
  nowMs: number;
}

/** What is left out of the adjusted figures, and who said so; the raw ones stay in force. */
export function ExclusionsPanel({ slo, me, zone, nowMs }: ExclusionsPanelProps) {
  const query = useQuery(sloExclusionsQuery({ env: slo.environment, slo: slo.name }));
  const { range, fromMs, toMs } = useRange();
  const [proposing, setProposing] = useState(false);
  const [deciding, setDeciding] = useState<{ id: string; decision: Decision } | null>(null);
  const items = query.data?.items ?? [];
  const decided = deciding && items.find(({ id }) => id === deciding.id);
  const state = panelStateOf(query, 'The console');
  const may = roleAtLeast(me.role, proposeExclusion.role);
  const propose = (
    <Button size="sm" disabled={!may} onClick={() => setProposing(true)}>
      Propose…
    </Button>
  );
  return (
    <Panel
      title="Exclusions"
      meta={items.length > 0 ? items.length : undefined}
      actions={propose}
      state={state.kind === 'ok' ? undefined : state}
      bodyHeight={84}
      flush
    >
      {slo.adjusted && slo.figures ? (
        <dl className="facts">
          <div>
            <dt>Raw, in force</dt>
            <dd className="num">
              <b>{budgetText(slo.figures.budgetLeft, 1)}</b> left
            </dd>
          </div>
          <div>
            <dt>Adjusted</dt>
            <dd className="num">
              <b>{budgetText(slo.adjusted.budgetLeft, 1)}</b> left
            </dd>
          </div>
        </dl>
      ) : null}
      {items.length === 0 ? (
        <p className="dim px-3 pb-3">
          Nothing is left out. Announced maintenance and errors of the measurement can be proposed.
        </p>
      ) : (
        <ul aria-label="Exclusions">
          {items.map((one) => (
            <ExclusionItem
              key={one.id}
              exclusion={one}
              slo={slo}
              me={me}
              zone={zone}
              nowMs={nowMs}
              onDecide={(decision) => setDeciding({ id: one.id, decision })}
            />
          ))}
        </ul>
      )}
      {may ? null : <p className="faint px-3 pb-2 text-sm">Proposing needs {whoMay(proposeExclusion.role)}.</p>}
      {proposing ? (
        <ProposeExclusion
          slo={slo}
          zone={zone}
          range={range.from.kind === 'absolute' ? { fromMs, toMs } : null}
          onClose={() => setProposing(false)}
        />
      ) : null}
      {decided && deciding ? (
        <DecideExclusion slo={slo} exclusion={decided} decision={deciding.decision} onClose={() => setDeciding(null)} />
      ) : null}
    </Panel>
  );
}

const looks = {
  proposed: { state: 'waiting', word: 'proposed' },
  approved: { state: 'ok', word: 'approved' },
  rejected: { state: 'notPermitted', word: 'rejected' },
  withdrawn: { state: 'notPermitted', word: 'withdrawn' },
} as const;

const kinds = { maintenance: 'Maintenance', measurement_error: 'Measured wrongly' } as const;

interface ItemProps {
  exclusion: Exclusion;
  slo: SloDetail;
  me: Me;
  zone: Zone;
  nowMs: number;
  onDecide: (decision: Decision) => void;
}

function ExclusionItem({ exclusion, slo, me, zone, nowMs, onDecide }: ItemProps) {
  const { kind, state, reason, good, total, proposedBy, decidedBy, decisionNote } = exclusion;
  const title = `${kinds[kind]} ${stretchText(exclusion, zone, nowMs)}`;
  const open = state === 'proposed' || state === 'approved';
  return (
    <li className="grid gap-1 border-t border-line px-3 py-2">
      <div className="row wrap gap-y-0">
        <b className="grow min-w-0">{title}</b>
        <Status {...looks[state]} />
      </div>
      <p className="dim text-sm [overflow-wrap:anywhere]">
        {reason}
        {total > 0 ? ` · ${eventsText(total - good)} of ${eventsText(total)} are ${unitOfBudget(slo.definition)}` : ''}
      </p>
      {open ? (
        <p className="text-sm">
          <span className="dim">raw</span> {budgetText(exclusion.budgetLeftRaw, 1)} left,{' '}
          <span className="dim">{state === 'approved' ? 'adjusted' : 'if approved'}</span>{' '}
          <b>{budgetText(exclusion.budgetLeftAdjusted, 1)}</b>
        </p>
      ) : null}
      <p className="faint text-sm [overflow-wrap:anywhere]">
        by {proposedBy.name}
        {decidedBy ? ` · ${state} by ${decidedBy.name}` : ''}
        {decisionNote ? ` · “${decisionNote}”` : ''}
        {exclusion.announcement ? (
          <>
            {' · announced: '}
            <ExternalLink href={exclusion.announcement}>{exclusion.announcement}</ExternalLink>
          </>
        ) : null}
      </p>
      {open ? <Verbs exclusion={exclusion} me={me} title={title} onDecide={onDecide} /> : null}
    </li>
  );
}

function Verbs({
  exclusion: { state, proposedBy },
  me,
  title,
  onDecide,
}: Pick<ItemProps, 'exclusion' | 'me' | 'onDecide'> & { title: string }) {
  const isMine = proposedBy.id === me.id;
  const mayDecide = roleAtLeast(me.role, decideExclusion.role);
  const mayWithdraw = roleAtLeast(me.role, withdrawExclusion.role);
  const about = <span className="sr">: {title}</span>;
  const reason = !mayDecide
    ? `Deciding needs ${whoMay(decideExclusion.role)}.`
    : isMine
      ? 'You proposed it: somebody else must decide.'
      : null;
  return (
    <div className="row wrap pt-1">
      {state === 'proposed' ? (
        <>
          <Button size="sm" variant="primary" disabled={reason !== null} onClick={() => onDecide('approve')}>
            Approve…{about}
          </Button>
          <Button size="sm" disabled={reason !== null} onClick={() => onDecide('reject')}>
            Reject…{about}
          </Button>
        </>
      ) : null}
      {mayWithdraw && (isMine || mayDecide) ? (
        <Button size="sm" variant="quiet" onClick={() => onDecide('withdraw')}>
          Withdraw…{about}
        </Button>
      ) : null}
      {state === 'proposed' && reason ? <span className="faint text-sm">{reason}</span> : null}
    </div>
  );
}

/** `5 Nov, 02:00 to 02:20`. */
function stretchText({ from, to }: Exclusion, zone: Zone, nowMs: number): string {
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
  const sameDay = formatDay(fromMs, zone) === formatDay(toMs, zone) && toMs - fromMs < 86_400_000;
  const end = sameDay ? formatClock(toMs, zone) : formatDateTime(toMs, zone, false, nowMs);
  return `${formatDateTime(fromMs, zone, false, nowMs)} to ${end}`;
}
