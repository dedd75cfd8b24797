import type { PolicyStep, SloState, TimeWindow, WindowFigures } from './schemas.ts';
import { budgetOf, count, past, percent, times, when } from './sentence-rules.ts';
import { hourMs, minuteMs } from './window-rules.ts';

/** A ledger ends up to two buckets before now; past this it is behind. */
export const staleAfterMs = 15 * minuteMs;
/** Past this, a budget that was in order is not said to be so. */
const unknownAfterMs = hourMs;

export interface StateInput {
  nowMs: number;
  window: TimeWindow;
  figures: WindowFigures | null;
  ledgerUntilMs: number | null;
  backfill: 'none' | 'running' | 'done' | 'failed';
  ledgerError: string | null;
  /** Of the last hour of the ledger; null without one. */
  lastHour: { total: number; coverage: number } | null;
  /** Requests per second by the recorded rules; null where they have none for it. */
  live: { totalNow: number | null; totalLastHour: number | null } | null;
  firing: { name: string; severity: 'page' | 'ticket'; sinceMs: number | null; longWindowMs: number | null } | null;
  absentSinceMs: number | null;
  /** The alert about absent data fires. */
  isAbsent: boolean;
  /** Burn over the long window of what fires, else over the shortest. */
  burn: number | null;
  /** When nothing is left at the present pace. */
  exhaustedAtMs: number | null;
  paceMs: number | null;
  step: PolicyStep | null;
}

export interface Judged {
  state: SloState;
  /** A sentence. */
  reason: string;
}

/**
 * The state of an SLO and why, the worst that holds: its budget is spent; an alert fires, nothing is left before the
 * window is over, or the policy warns; nothing is known now; nothing was asked of it; else ok. What is not known is never
 * ok.
 */
export function judge(input: StateInput): Judged {
  const { figures, nowMs, window } = input;
  const unknown = unknownNow(input);
  const late = lateness(input);
  const said = (state: SloState, reason: string): Judged => ({
    state,
    reason: [reason, late].filter(Boolean).join(' '),
  });
  if (figures?.budgetLeft != null && figures.budgetLeft <= 1e-9) {
    const spent = `The ${budgetOf(window)} is spent: ${count(figures.bad)} failures, ${count(figures.allowedBad)} were allowed.`;
    return said('breached', unknown ? `${spent} ${unknown}` : spent);
  }
  if (input.firing) return said('at_risk', firingSentence(input, input.firing));
  if (figures?.budgetLeft != null && input.step && input.step.effect !== 'none') {
    return said(
      'at_risk',
      `${percent(figures.budgetLeft)} of the ${budgetOf(window)} is left: the policy is “${input.step.name}”.`,
    );
  }
  if (unknown) return { state: 'no_data', reason: unknown };
  if (input.exhaustedAtMs !== null) {
    const pace = input.paceMs === null ? 'At this pace' : `At the pace of ${past(input.paceMs)}`;
    return said('at_risk', `${pace} none of the ${budgetOf(window)} is left ${when(input.exhaustedAtMs, nowMs)}.`);
  }
  const left = figures?.budgetLeft == null ? null : `${percent(figures.budgetLeft)} of the ${budgetOf(window)} is left`;
  if (isIdle(input)) {
    return said('no_traffic', left ? `No requests in the last hour; ${left}.` : 'No requests in its window.');
  }
  const burning = input.burn === null ? '' : `, burning at ${times(input.burn)}`;
  return left ? said('ok', `${left}${burning}.`) : said('no_traffic', 'No requests in its window.');
}

function firingSentence({ burn, nowMs }: StateInput, firing: NonNullable<StateInput['firing']>): string {
  const what = firing.severity === 'page' ? 'A page fires' : 'A ticket fires';
  const since = firing.sinceMs === null ? '' : ` since ${when(firing.sinceMs, nowMs).replace(/^(at|on) /, '')}`;
  if (firing.longWindowMs === null || burn === null) return `${what}${since}.`;
  return `${what}${since}: burning at ${times(burn)} over ${past(firing.longWindowMs)}.`;
}

/** Why nothing is known of how it is now, or null. */
function unknownNow(input: StateInput): string | null {
  const { figures, ledgerUntilMs, live, lastHour, nowMs } = input;
  const isLive = live?.totalNow !== null && live?.totalNow !== undefined;
  if (ledgerUntilMs === null || !figures) {
    if (input.ledgerError) return `Nothing could be counted: ${sentence(input.ledgerError)}`;
    return input.backfill === 'running'
      ? 'Nothing is counted yet: the ledger is being filled.'
      : 'Nothing has been counted yet.';
  }
  const behindMs = nowMs - ledgerUntilMs;
  const until = when(ledgerUntilMs, nowMs).replace(/^(at|on) /, '');
  if (behindMs > unknownAfterMs || (behindMs > staleAfterMs && !isLive)) {
    const why = input.ledgerError ? ` ${sentence(input.ledgerError)}` : '';
    return `Nothing is known since ${until}.${why}`;
  }
  if (input.isAbsent) {
    const since =
      input.absentSinceMs === null ? '' : ` since ${when(input.absentSinceMs, nowMs).replace(/^(at|on) /, '')}`;
    return `Its data is absent${since}.`;
  }
  // The long window still has what the short one has lost.
  if (live && live.totalNow === null && live.totalLastHour !== null) return 'No data in the last 5 min.';
  if (!isLive && lastHour && lastHour.coverage <= 0) return `No data in the hour before ${until}.`;
  return null;
}

function lateness({ nowMs, ledgerUntilMs, ledgerError }: StateInput): string | null {
  if (ledgerUntilMs === null || nowMs - ledgerUntilMs <= staleAfterMs) return null;
  const until = when(ledgerUntilMs, nowMs).replace(/^(at|on) /, '');
  return `The budget is known until ${until} only${ledgerError ? `: ${sentence(ledgerError)}` : '.'}`;
}

function isIdle({ live, lastHour }: StateInput): boolean {
  if (live?.totalNow) return false;
  if (live?.totalLastHour !== null && live?.totalLastHour !== undefined) return live.totalLastHour <= 0;
  return lastHour !== null && lastHour.total <= 0;
}

const sentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);

const rank = { breached: 0, at_risk: 1, no_data: 2, no_traffic: 3, ok: 4 } as const satisfies Record<SloState, number>;

interface Ranked {
  state: SloState;
  exhaustedAt: string | null;
  figures: { budgetLeft: number | null } | null;
  name: string;
}

/** By time to exhaustion, the worst first: what is spent, what will be soonest, then by state and by what is left. */
export function byTimeToExhaustion(a: Ranked, b: Ranked): number {
  const spent = (one: Ranked) => (one.state === 'breached' ? 0 : 1);
  const end = ({ exhaustedAt }: Ranked) => (exhaustedAt === null ? Number.MAX_SAFE_INTEGER : Date.parse(exhaustedAt));
  const left = ({ figures }: Ranked) => figures?.budgetLeft ?? 2;
  return (
    spent(a) - spent(b) ||
    end(a) - end(b) ||
    rank[a.state] - rank[b.state] ||
    left(a) - left(b) ||
    (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)
  );
}
