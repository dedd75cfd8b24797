import type { Provenance } from '#lib/telemetry/schemas.ts';
import { type PanelState, panelStateOf } from '../ui/panel-state.ts';

interface AnswerQuery {
  isPending: boolean;
  isError: boolean;
  data: Provenance | undefined;
  error: unknown;
  dataUpdatedAt: number;
  errorUpdatedAt: number;
  refetch: () => unknown;
}

const statusOf = (error: unknown) => (error as { status?: number } | null)?.status;

/**
 * The state of a panel over one answer of the telemetry room: what the browser knows (loading, no answer) together
 * with what the answer says of itself (older figures that stand in, parts that are missing).
 */
export function answerState(query: AnswerQuery): PanelState {
  const { data } = query;
  const source = statusOf(query.error) === 0 ? 'The console' : (data?.source.name ?? 'Prometheus');
  const state = panelStateOf(query, source);
  if (data && state.kind === 'stale') return { kind: 'stale', asOf: Date.parse(data.asOf) };
  if (!data || state.kind !== 'ok') return state;
  if (data.stale) return { kind: 'stale', asOf: Date.parse(data.asOf) };
  if (data.warnings.length > 0) return { kind: 'partial', word: 'partial' };
  return state;
}

/** Why figures are old or partial, as sentences; empty when all is well. */
export function answerNotes(query: Pick<AnswerQuery, 'data' | 'error' | 'isError'>): string[] {
  const { data, error, isError } = query;
  const notes: string[] = [];
  if (isError && data) notes.push((error as Error).message);
  else if (data?.stale) notes.push(`${data.source.name} does not answer: ${data.stale.reason}`);
  return [...notes, ...(data?.warnings ?? [])];
}
