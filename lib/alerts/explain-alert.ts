import { AppError } from '#lib/core/errors.ts';
import { explainBurn } from '#lib/slo/index.ts';
import { comparedWords, windowIn } from './chart-rules.ts';
import type { Comparison } from './expression.ts';
import type { AlertRule } from './find-rule.ts';
import type { AlertRow } from './store.ts';

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** A window as a rule writes it, `1h`, in milliseconds; null for anything else. */
export function windowMs(text: string | undefined): number | null {
  const [, count, unit] = /^(\d{1,4})([smhdw])$/.exec(text ?? '') ?? [];
  return count ? Number(count) * unitMs[unit as keyof typeof unitMs] : null;
}

/** `5 min`, `1 h 30 min`: a length in words. */
export function lengthWords(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (hours === 0) return `${minutes} min`;
  if (hours >= 48 && rest === 0 && hours % 24 === 0) return `${hours / 24} days`;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}

/** What fires an alert, read from its rule. */
export function ruleWords(rule: AlertRule | null, comparisons: readonly Comparison[]): string[] {
  const sentences: string[] = [];
  const [first] = comparisons;
  const burn = comparisons.filter(({ burn: found }) => found !== null);
  if (burn[0]?.burn) {
    const windows = burn.map(({ left }) => windowIn(left)).filter((window) => window !== null);
    const over = windows.length > 0 ? ` over ${windows.join(' and ')}` : '';
    const { factor, target } = burn[0].burn;
    const allowed = Number(((1 - target) * 100).toPrecision(6));
    sentences.push(
      `It fires while more than ${factor} times the ${allowed} % that the objective allows is bad${over}, and stops when the shorter of them is below that.`,
    );
  } else if (first) {
    const others = comparisons.length - 1;
    const more =
      others > 0 ? `, and ${others === 1 ? 'one more condition holds' : `${others} more conditions hold`}` : '';
    sentences.push(`It fires when ${first.left.replace(/\s+/g, ' ')} is ${comparedWords(first)}${more}.`);
  } else if (rule) {
    sentences.push(`It fires for as long as ${rule.expression.replace(/\s+/g, ' ')} has a result.`);
  }
  if (rule?.forSeconds) sentences.push(`That must hold for ${lengthWords(rule.forSeconds)} first.`);
  return sentences;
}

/** How long it fired, and how its end is known. */
export function endWords({ starts_at, resolved_at, resolved_by }: AlertRow): string[] {
  if (!resolved_at) return [];
  const fired = `It fired for ${lengthWords((resolved_at.getTime() - starts_at.getTime()) / 1_000)}.`;
  if (resolved_by !== 'list') return [fired];
  return [fired, 'Its end is concluded: Alertmanager no longer held it, and told us nothing.'];
}

/** What a burn-rate alert means in budget, from events of the ledger; nothing for other alerts, or where nothing is known. */
export async function burnWords(row: AlertRow, now: Date): Promise<string[]> {
  const [longMs, shortMs] = [windowMs(row.labels.long_window), windowMs(row.labels.short_window)];
  if (row.slo === null || longMs === null || shortMs === null) return [];
  const { environment, slo, severity } = row;
  try {
    return await explainBurn({
      environment,
      slo,
      severity,
      longMs,
      shortMs,
      sinceMs: row.starts_at.getTime(),
      nowMs: (row.resolved_at ?? now).getTime(),
    });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return [];
  }
}
