'use client';
import { stepFor } from '#lib/slo/policy-rules.ts';
import type { Policy, PolicyStep, SloDetail } from '#lib/slo/schemas.ts';
import { formatPercent } from '../../charts/units.ts';
import { Link } from '../../ui/link.tsx';
import { Panel } from '../../ui/panel.tsx';

/** Below what the next step begins: `≥ …` reads upwards, so the edge is written as what must be left. */
export const stepEdge = ({ from }: Pick<PolicyStep, 'from'>): string =>
  from === null ? 'none left' : `> ${formatPercent(from, Number.isInteger(from * 100) ? 0 : undefined)}`;

/** The steps of the budget policy, the one in force marked, and what follows. */
export function PolicyPanel({ slo }: { slo: SloDetail }) {
  const { policy, figures } = slo;
  const left = figures?.budgetLeft ?? null;
  return (
    <Panel
      title="Policy step"
      state={
        policy
          ? undefined
          : {
              kind: 'empty',
              title: `No policy “${slo.definition.policy}”`,
              hint: 'Without one nothing is held back, whatever is left.',
            }
      }
      bodyHeight={120}
      flush
      actions={
        <Link href="/settings/policies" className="link text-sm">
          Policies
        </Link>
      }
    >
      {policy ? <Steps policy={policy} left={left} inForce={slo.policyStep} /> : null}
    </Panel>
  );
}

/** What holds something back is a signal; a step that does not is only where one stands. */
const tones = { none: 'dim', warn: 'warn', block: 'bad' } as const;

function Steps({ policy, left, inForce }: { policy: Policy; left: number | null; inForce: string | null }) {
  const current = policy.steps.find(({ name }) => name === inForce) ?? stepFor(policy.steps, left);
  const at = current ? policy.steps.indexOf(current) : -1;
  const next = policy.steps[at + 1];
  return (
    <>
      <table className="table">
        <caption className="sr">Steps of the policy {policy.title}</caption>
        <tbody>
          {policy.steps.map((step) => (
            <tr key={step.name} data-in-force={step === current ? step.effect : undefined}>
              <td className="num faint w-[74px] align-top">{stepEdge(step)}</td>
              <th scope="row" className="whitespace-normal text-left">
                <b className="[overflow-wrap:anywhere]">{step.name}</b>{' '}
                {step === current ? <span className={`nowrap ${tones[step.effect]}`}>◀ in force</span> : null}
                <div className={step === current ? 'text-sm' : 'dim text-sm'}>{step.message}</div>
              </th>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="faint px-3 pb-2 pt-1 text-sm">
        {current === null
          ? 'Which step is in force is not known: nothing was measured.'
          : next && current.from !== null
            ? `“${next.name}” follows at ${formatPercent(current.from, 0)} left${tellText(next)}.`
            : 'It is the last step; it ends as soon as budget is left again.'}
      </p>
    </>
  );
}

/** `; it tells owner, commanders`. */
const tellText = ({ tell }: PolicyStep) => (tell.length === 0 ? '' : `; ${tell.join(', ')} will be told`);
