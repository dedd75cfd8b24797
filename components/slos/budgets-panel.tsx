'use client';
import { useQuery } from '@tanstack/react-query';
import { overviewQuery } from '#lib/overview/queries.ts';
import type { SloState, SloSummary } from '#lib/slo/schemas.ts';
import { useTimeRange } from '../charts/time-range.tsx';
import { cx } from '../ui/cx.ts';
import { useEnvironment } from '../ui/environment.tsx';
import { formatDateTime, type Zone, zoneWord } from '../ui/format-time.ts';
import { Glyph } from '../ui/glyph.tsx';
import { Link } from '../ui/link.tsx';
import { Meter } from '../ui/meter.tsx';
import { Panel } from '../ui/panel.tsx';
import { type PanelState, panelStateOf } from '../ui/panel-state.ts';
import { Skeleton } from '../ui/skeleton.tsx';
import { GeneratedFoot, generatedIn } from './list-notes.tsx';
import { budgetText, budgetTone, noneLeft, noneLeftText, sloHref, stateWord } from './words.ts';

const rowHeight = 53;
const leastRows = 4;

/** Error budgets by time to exhaustion, from the answer that the overview has anyway. */
export function BudgetsPanel({ generatedUntil }: { generatedUntil: string | null }) {
  const { current } = useEnvironment();
  const { zone } = useTimeRange();
  const query = useQuery(overviewQuery(current.name));
  const budgets = query.data?.budgets;
  const asOfMs = query.data ? Date.parse(query.data.asOf) : 0;
  const state = stateOf(panelStateOf(query, 'The console'), budgets, () => void query.refetch());
  const generatedMs = generatedIn(budgets?.items ?? [], generatedUntil);
  const trouble = budgets ? troubleOf(budgets.counts) : '';
  return (
    <Panel
      title="Error budgets"
      meta={<span className="sr">by time to exhaustion</span>}
      state={state.kind === 'loading' || state.kind === 'stale' ? { kind: 'ok' } : state}
      bodyHeight={rowHeight * leastRows}
      flush
      actions={
        <Link href="/slos" className="link text-sm">
          {budgets && budgets.total > budgets.items.length ? `All ${budgets.total}` : 'All'}
        </Link>
      }
    >
      {budgets ? (
        <>
          <ul aria-label="Error budgets by time to exhaustion">
            {budgets.items.map((slo) => (
              <BudgetItem key={slo.name} slo={slo} asOfMs={asOfMs} zone={zone} />
            ))}
          </ul>
          {trouble && budgets.total > budgets.items.length ? (
            <p className="faint border-t border-line px-3 py-2 text-sm">{trouble}</p>
          ) : null}
          {generatedMs !== null ? <GeneratedFoot untilMs={generatedMs} zone={zone} nowMs={asOfMs} /> : null}
          {budgets.liveError ? (
            <p className="faint border-t border-line px-3 py-2 text-sm">Burn rates of now are missing.</p>
          ) : null}
        </>
      ) : (
        <div aria-hidden="true" className="grid gap-3 px-3 pb-3">
          {Array.from({ length: leastRows }, (_, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows of skeleton have nothing else
            <Skeleton key={i} height={34} />
          ))}
        </div>
      )}
    </Panel>
  );
}

const glyphs = { breached: 'failing', at_risk: 'slow', no_data: 'nodata', no_traffic: 'idle', ok: 'ok' } as const;
const tones = { breached: 'bad', at_risk: 'warn', no_data: 'unknown', no_traffic: 'dim', ok: 'good' } as const;

function BudgetItem({ slo, asOfMs, zone }: { slo: SloSummary; asOfMs: number; zone: Zone }) {
  const left = slo.figures?.budgetLeft ?? null;
  const until = noneLeft(slo, asOfMs);
  const page = slo.firing === 'page';
  return (
    <li className="border-t border-line">
      <Link
        href={sloHref(slo.name)}
        className="grid gap-1 px-3 py-[7px] hover:bg-sunk focus-visible:outline-offset-[-2px]"
        title={slo.reason || undefined}
      >
        <span className="row">
          <span className={cx('inline-flex', page ? 'bad' : tones[slo.state])}>
            <Glyph name={page ? 'failing' : glyphs[slo.state]} size={11} />
          </span>
          <span className="sr">
            {page ? 'a page fires, ' : ''}
            {stateWord[slo.state]}:
          </span>
          <span className="clip grow">{slo.displayName}</span>
          <b
            className={cx(
              'num',
              until.kind === 'gone' && 'bad',
              (until.kind === 'lasts' || until.kind === 'unknown') && 'dim !font-normal',
            )}
            title={until.kind === 'at' ? `${formatDateTime(until.atMs, zone, false, 0)} ${zoneWord(zone)}` : undefined}
          >
            {noneLeftText(until)}
          </b>
        </span>
        <span className="row">
          <Meter
            ratio={left ?? 0}
            tone={budgetTone(slo)}
            label={`Budget left of ${slo.displayName}`}
            className="grow"
          />
          <span className="num dim min-w-[66px]">
            {left === null ? stateWord[slo.state] : `${budgetText(left)} left`}
          </span>
        </span>
      </Link>
    </li>
  );
}

/** `1 breached, 2 at risk of 40`: what of all is not well. */
function troubleOf(counts: Record<string, number>): string {
  return (['breached', 'at_risk', 'no_data'] as SloState[])
    .filter((state) => (counts[state] ?? 0) > 0)
    .map((state) => `${counts[state]} ${stateWord[state]}`)
    .join(', ');
}

interface BudgetsLike {
  total: number;
  error: string | null;
}

function stateOf(state: PanelState, budgets: BudgetsLike | undefined, onRetry: () => void): PanelState {
  if (!budgets) return state;
  if (budgets.error) return { kind: 'sourceDown', source: 'The ledger', reason: budgets.error, onRetry };
  if (budgets.total > 0) return state;
  return {
    kind: 'empty',
    title: 'No SLO yet',
    hint: 'With an objective for a service this shows what is left of its budget, and until when.',
    action: (
      <Link href="/slos" className="link">
        To the SLOs
      </Link>
    ),
  };
}
