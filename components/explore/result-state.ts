import { type PanelState, panelStateOf } from '#components/ui/panel-state.ts';
import { ApiError } from '#lib/core/fetch-json.ts';
import type { Provenance } from '#lib/telemetry/schemas.ts';
import type { RanQuery } from './run-queries.ts';

interface Answer extends Provenance {
  series: readonly unknown[];
}

/** The state of the panel that shows all results together. What is wrong with one query stands at that query. */
export function resultState(queries: readonly RanQuery<Answer>[]): PanelState {
  if (queries.length === 0) {
    return { kind: 'empty', title: 'Nothing to show', hint: 'Every query is hidden. Show one to draw it again.' };
  }
  const answers = queries.flatMap(({ result }) => (result.data ? [result.data] : []));
  if (answers.length === 0) {
    if (queries.some(({ result }) => result.isPending && !result.isError)) return { kind: 'loading' };
    const outage = queries.find(({ result }) => !isQueryFault(result.error));
    if (outage) return panelStateOf(outage.result, 'Prometheus');
    return { kind: 'noData', title: 'No result', hint: 'What is wrong stands at the query above.' };
  }
  const stale = answers.find((answer) => answer.stale);
  if (stale) return { kind: 'stale', asOf: Date.parse(stale.asOf) };
  // An answer that could not be renewed is still shown, as what it is.
  const old = queries.filter(({ result }) => result.isError && result.data !== undefined);
  if (old.length === answers.length) {
    return { kind: 'stale', asOf: Math.min(...old.map(({ result }) => result.dataUpdatedAt)) };
  }
  const failed = queries.filter(({ result }) => result.isError && !isQueryFault(result.error));
  if (failed.length > 0) {
    return { kind: 'partial', word: `partial: ${answers.length - old.length} of ${queries.length} queries` };
  }
  if (answers.every(({ series }) => series.length === 0)) {
    return {
      kind: 'noData',
      title: 'No series',
      hint: 'The expression is valid, but nothing matches it in this time. Check label values, or look further back.',
    };
  }
  if (answers.some(({ warnings }) => warnings.length > 0)) return { kind: 'partial', word: 'partial' };
  return { kind: 'ok' };
}

function isQueryFault(error: unknown): boolean {
  return error instanceof ApiError && error.status >= 400 && error.status < 500 && error.status !== 403;
}
