'use client';
import type { SloProblem, SloValidation } from '#lib/slo/schemas.ts';
import { formatPercent, formatValue } from '../../charts/units.ts';
import { formatSpan } from '../../ui/format-time.ts';
import { Note } from '../../ui/note.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Status } from '../../ui/status.tsx';
import { tierWindows } from '../detail/detail-words.ts';
import { factorText } from '../words.ts';

export interface CheckPanelProps {
  checked: SloValidation | null;
  busy: boolean;
  error: string | null;
  onGo: (problem: SloProblem) => void;
}

/** What is wrong with the text, what was found for it, and what its alerts would be. */
export function CheckPanel({ checked, busy, error, onGo }: CheckPanelProps) {
  const errors = checked?.problems.filter(({ level }) => level === 'error') ?? [];
  const word = error
    ? 'could not be checked'
    : busy || !checked
      ? 'checking…'
      : errors.length > 0
        ? `${errors.length === 1 ? 'one error' : `${errors.length} errors`}`
        : 'valid';
  return (
    <Panel
      title="Check"
      status={
        <Status state={error || errors.length > 0 ? 'failing' : busy || !checked ? 'waiting' : 'ok'} word={word} />
      }
      bodyHeight={96}
    >
      <div className="stack" aria-live="polite">
        {error ? <Note tone="bad">{error}</Note> : null}
        {checked && checked.problems.length > 0 ? (
          <ul className="grid gap-1" aria-label="Problems">
            {checked.problems.map((problem) => (
              <Problem key={`${problem.path} ${problem.code} ${problem.message}`} problem={problem} onGo={onGo} />
            ))}
          </ul>
        ) : null}
        {checked?.found ? <Found found={checked.found} /> : null}
        {checked && checked.tiers.length > 0 ? <Tiers tiers={checked.tiers} /> : null}
        {checked?.definition && checked.tiers.length === 0 ? (
          <p className="dim">
            No burn alerts: below seven days a burn rate says little, or the definition asks for none.
          </p>
        ) : null}
      </div>
    </Panel>
  );
}

function Problem({ problem, onGo }: { problem: SloProblem; onGo: (problem: SloProblem) => void }) {
  const { level, line, path, message } = problem;
  return (
    <li className="grid grid-cols-[auto_minmax(0,1fr)] gap-2">
      <Status state={level === 'error' ? 'failing' : 'warns'} word={level} />
      <span className="[overflow-wrap:anywhere]">
        {message}{' '}
        {line === null ? (
          <span className="faint mono">{path}</span>
        ) : (
          <button type="button" className="link" onClick={() => onGo(problem)}>
            line {line}
          </button>
        )}
      </span>
    </li>
  );
}

function Found({ found }: { found: NonNullable<SloValidation['found']> }) {
  const series = (count: number) => (count === 1 ? '1 series' : `${count.toLocaleString('en')} series`);
  return (
    <p className="dim">
      Found {series(found.seriesTotal)} of all events, {series(found.seriesGood)} of the counted ones
      {found.ratePerSecond === null ? '' : `; ${formatValue(found.ratePerSecond, '/s')} now`}.
    </p>
  );
}

function Tiers({ tiers }: { tiers: SloValidation['tiers'] }) {
  return (
    <div className="table-wide">
      <table className="table">
        <caption className="sr">Burn alerts of this definition</caption>
        <thead>
          <tr>
            <th scope="col">Alert</th>
            <th scope="col">Windows</th>
            <th scope="col" className="num">
              Burn above
            </th>
            <th scope="col" className="num">
              Spends
            </th>
          </tr>
        </thead>
        <tbody>
          {tiers.map((tier) => (
            <tr key={`${tier.severity} ${tier.longMs} ${tier.shortMs}`}>
              <th scope="row">
                {tier.reachable ? tier.severity : <Status state="warns" word={`${tier.severity}: can never fire`} />}
              </th>
              <td className="nowrap">{tierWindows(tier)}</td>
              <td className="num">{factorText(tier.factor)}</td>
              <td className="num nowrap">
                {formatPercent(tier.budgetShare)} in {formatSpan(tier.longMs)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
