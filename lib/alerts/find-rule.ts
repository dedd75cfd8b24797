import { type Prometheus, prometheusSources } from '#lib/adapters/prometheus/index.ts';
import { AppError } from '#lib/core/errors.ts';
import type { AlertRow } from './store.ts';

export interface AlertRule {
  expression: string;
  /** How long it must hold before it fires; null where the engine does not tell. */
  forSeconds: number | null;
}

export interface FoundRule {
  rule: AlertRule | null;
  engine: Prometheus | null;
  /** Why there is no rule. */
  problem: string | null;
}

/** The engine that knows the environment of an alert: the first, unless one is that environment. */
function engineOf(environment: string): Prometheus | null {
  const sources = prometheusSources();
  return sources.find(({ source }) => source.environment === environment) ?? sources[0] ?? null;
}

/**
 * The rule that fires an alert: by name and labels among those that the engine runs, and by the expression in the
 * alert's own link to the engine, which also stands in where the engine does not tell its rules.
 */
export async function findRule(row: AlertRow, signal?: AbortSignal): Promise<FoundRule> {
  const engine = engineOf(row.environment);
  const linked = linkedExpression(row.generator_url);
  const alone = linked === null ? null : { expression: linked, forSeconds: null };
  if (!engine) return { rule: alone, engine, problem: 'No metrics source is configured. Set PROMETHEUS_URL.' };
  try {
    const { data } = await engine.rules({ signal, staleIfError: true });
    const named = data.flatMap(({ rules }) =>
      rules.filter(
        ({ type, name, labels }) =>
          type === 'alerting' &&
          name === row.labels.alertname &&
          // A label that is a template says nothing before it is filled in.
          Object.entries(labels).every(([label, value]) => value.includes('{{') || row.labels[label] === value),
      ),
    );
    const about = row.slo ? named.filter(({ query }) => query.includes(JSON.stringify(row.slo))) : named;
    const found = named.find(({ query }) => query === linked) ?? (linked === null ? (about[0] ?? named[0]) : undefined);
    if (found) return { rule: { expression: found.query, forSeconds: found.forSeconds }, engine, problem: null };
    return {
      rule: alone,
      engine,
      problem: alone ? null : 'Prometheus runs no rule of this name and labels (any more).',
    };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { rule: alone, engine, problem: alone ? null : error.detail };
  }
}

/** The expression in a link such as `http://prometheus/graph?g0.expr=up+%3D%3D+0&g0.tab=1`. */
export function linkedExpression(url: string | null): string | null {
  if (!url || !URL.canParse(url)) return null;
  const { searchParams } = new URL(url);
  return searchParams.get('g0.expr')?.trim() || null;
}
