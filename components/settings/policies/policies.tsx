'use client';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTimeRange } from '#components/charts/time-range.tsx';
import { Button } from '#components/ui/button.tsx';
import { useEnvironment } from '#components/ui/environment.tsx';
import { formatDateTime, zoneWord } from '#components/ui/format-time.ts';
import { Link } from '#components/ui/link.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { panelStateOf } from '#components/ui/panel-state.ts';
import { whoMay } from '#components/ui/restricted.ts';
import { Status } from '#components/ui/status.tsx';
import { type Role, roleAtLeast } from '#lib/core/actor.ts';
import { policiesQuery, slosQuery } from '#lib/slo/queries.ts';
import type { Policy, PolicyStep } from '#lib/slo/schemas.ts';
import { changePolicy } from '#lib/slo/verbs.ts';
import { useNewParam } from '../use-new-param.ts';
import { EditPolicy } from './edit-policy.tsx';
import { edgeText, effectWord } from './policy-form.ts';

/** Budget policies: what follows from so much budget left, and which SLOs follow them. */
export function Policies({ role }: { role: Role }) {
  const query = useQuery(policiesQuery());
  const [isAdding, setAdding] = useNewParam();
  const [editing, setEditing] = useState<string | null>(null);
  const items = query.data?.items ?? [];
  const state = panelStateOf(query, 'The console');
  const may = roleAtLeast(role, changePolicy.role);
  const edited = items.find(({ name }) => name === editing);
  return (
    <>
      <div className="row wrap">
        <p className="dim grow">
          A policy says what follows from so much error budget left. What raises risk asks it; alerts do not.
        </p>
        {may ? null : <span className="faint text-sm">Changing one needs {whoMay(changePolicy.role)}.</span>}
        <Button disabled={!may} onClick={() => setAdding(true)}>
          New policy…
        </Button>
      </div>
      {items.length === 0 ? (
        <Panel
          title="Budget policies"
          state={
            state.kind === 'ok'
              ? {
                  kind: 'empty',
                  title: 'No policy yet',
                  hint: 'Without one nothing is held back, whatever is left of a budget.',
                }
              : state
          }
          bodyHeight={220}
        />
      ) : (
        items.map((policy) => (
          <PolicyPanel key={policy.name} policy={policy} may={may} onEdit={() => setEditing(policy.name)} />
        ))
      )}
      {isAdding && may ? (
        <EditPolicy policy={null} taken={items.map(({ name }) => name)} onClose={() => setAdding(false)} />
      ) : null}
      {edited && may ? <EditPolicy policy={edited} taken={[]} onClose={() => setEditing(null)} /> : null}
    </>
  );
}

function PolicyPanel({ policy, may, onEdit }: { policy: Policy; may: boolean; onEdit: () => void }) {
  const { zone } = useTimeRange();
  return (
    <Panel
      title={policy.title}
      meta={<span className="mono">{policy.name}</span>}
      actions={
        <Button size="sm" disabled={!may} onClick={onEdit}>
          Edit…<span className="sr"> {policy.title}</span>
        </Button>
      }
      flush
    >
      <div className="table-wide">
        <table className="table">
          <caption className="sr">Steps of {policy.title}</caption>
          <thead>
            <tr>
              <th scope="col">Budget left</th>
              <th scope="col">Step</th>
              <th scope="col" className="p2">
                What raises risk
              </th>
              <th scope="col" className="p2">
                Is told
              </th>
            </tr>
          </thead>
          <tbody>
            {policy.steps.map((step) => (
              <StepRow key={step.name} step={step} />
            ))}
          </tbody>
        </table>
      </div>
      <UsedBy policy={policy.name} />
      <p className="faint px-3 pb-2 text-sm">
        Version {policy.version}, changed {formatDateTime(Date.parse(policy.updatedAt), zone, false, Date.now())}{' '}
        {zoneWord(zone)}.
      </p>
    </Panel>
  );
}

const looks = { none: 'ok', warn: 'warns', block: 'blocked' } as const;

function StepRow({ step }: { step: PolicyStep }) {
  const told = step.tell.join(', ') || 'nobody';
  return (
    <tr>
      <td className="nowrap dim align-top">{edgeText(step)}</td>
      <th scope="row" className="whitespace-normal text-left">
        <b className="[overflow-wrap:anywhere]">{step.name}</b>
        <div className="dim text-sm">{step.message}</div>
        <div className="desk:hidden text-sm">
          <Status state={looks[step.effect]} word={effectWord[step.effect]} />{' '}
          <span className="faint">tells {told}</span>
        </div>
      </th>
      <td className="p2 align-top">
        <Status state={looks[step.effect]} word={effectWord[step.effect]} />
      </td>
      <td className="p2 dim align-top [overflow-wrap:anywhere]">{told}</td>
    </tr>
  );
}

const most = 12;

/** The SLOs of the environment that follow it. */
function UsedBy({ policy }: { policy: string }) {
  const { current } = useEnvironment();
  const { data } = useQuery(slosQuery(current.name));
  if (!data) return null;
  const users = data.items.filter(({ policyName }) => policyName === policy);
  return (
    <div className="border-t border-line px-3 py-2">
      <span className="dim">
        {users.length === 0
          ? `No SLO in ${current.name} follows it.`
          : `${users.length} ${users.length === 1 ? 'SLO follows' : 'SLOs follow'} it in ${current.name}: `}
      </span>
      {users.slice(0, most).map(({ name, displayName, policyStep }, i) => (
        <span key={name}>
          {i > 0 ? ', ' : ''}
          <Link href={`/slos/${encodeURIComponent(name)}`} className="link [overflow-wrap:anywhere]">
            {displayName}
          </Link>
          {policyStep ? <span className="faint"> {policyStep}</span> : null}
        </span>
      ))}
      {users.length > most ? <span className="dim"> and {users.length - most} more.</span> : null}
    </div>
  );
}
