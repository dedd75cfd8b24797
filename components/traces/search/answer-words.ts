import { formatPercent } from '#components/charts/units.ts';
import { type PanelState, panelStateOf } from '#components/ui/panel-state.ts';
import { ApiError } from '#lib/core/fetch-json.ts';
import type { Sampling, SourceAnswer, TraceList } from '#lib/traces/schemas.ts';

const n = (count: number) => count.toLocaleString('en');

/** How many are drawn, and of what: the words beside the title of the plot. */
export function drawnWords(list: Pick<TraceList, 'items' | 'truncated' | 'sampling'>): string {
  const isSampled = list.sampling !== null && list.sampling.keptRatio < 1;
  const count = list.items.length;
  const noun = count === 1 ? 'trace' : 'traces';
  if (list.truncated) return `${n(count)} ${noun} chosen evenly out of more, log scale`;
  return `${n(count)}${isSampled ? ' sampled' : ''} ${noun}, log scale`;
}

/** How many are listed, and of how many. */
export function listedWords({ items, truncated }: Pick<TraceList, 'items' | 'truncated'>): string {
  if (truncated) return `the newest ${n(items.length)}; more match`;
  return items.length === 1 ? 'the only one that matches' : `all ${n(items.length)} that match, newest first`;
}

/** How much of what arrived was kept, as a sentence. */
export function samplingSentence({ keptRatio, leastRatio, rule }: Sampling): string {
  const stop = /[.!?]$/.test(rule) ? rule : `${rule}.`;
  if (keptRatio >= 1) return `Everything that arrived in this time was kept. ${stop}`;
  return `${formatPercent(keptRatio)} of the traces that arrived in this time were kept; of the ordinary ones at least ${formatPercent(leastRatio)}. ${stop}`;
}

/** Which sources answered, as a sentence; null where there is nothing to be said of it. */
export function sourcesSentence(sources: readonly SourceAnswer[]): string | null {
  const answered = sources
    .filter(({ outcome }) => outcome === 'answered' || outcome === 'found')
    .map(({ name }) => name);
  if (answered.length === 0) return null;
  const list = answered.length > 1 ? `${answered.slice(0, -1).join(', ')} and ${answered.at(-1)}` : answered[0];
  return `Searched in ${list}.`;
}

/** Why some of the sources gave nothing, as sentences. */
export function failedSources(sources: readonly SourceAnswer[]): string[] {
  return sources.flatMap(({ name, outcome, detail }) => {
    const why = detail ? ` ${detail}` : '';
    if (outcome === 'failed') return [`${name} did not answer.${why}`];
    return outcome === 'skipped' ? [`${name} was not asked.${why}`] : [];
  });
}

const noSource = /^No source of traces is configured/;

interface QueryLike {
  isPending: boolean;
  isError: boolean;
  data: Pick<TraceList, 'sources'> | undefined;
  error: unknown;
  dataUpdatedAt: number;
  errorUpdatedAt: number;
  refetch: () => unknown;
}

/** What is wrong with the search itself, to be said at the line; null where the fault lies elsewhere. */
export function searchProblem(error: unknown): string | null {
  if (!(error instanceof ApiError) || error.status < 400 || error.status >= 500) return null;
  if (error.status === 401 || error.status === 403 || error.status === 429) return null;
  const [first] = error.errors;
  return first ? `${nameOfField(first.path)}${first.message}` : error.message;
}

function nameOfField(path: string): string {
  const name = path.replace(/\[\d+\]$/, '');
  const words: Record<string, string> = {
    minDurationMs: 'The least duration ',
    maxDurationMs: 'The greatest duration ',
    attribute: 'An attribute ',
    q: 'TraceQL: ',
  };
  return words[name] ?? (name ? `${name} ` : '');
}

/** The state of a panel that shows traces: what the browser knows, together with what the answer says of itself. */
export function tracesState(query: QueryLike): PanelState {
  const { error, data } = query;
  if (error instanceof ApiError && noSource.test(error.message)) {
    return {
      kind: 'empty',
      title: 'No source of traces',
      hint: 'Set OTLP_URL to the receiver of this installation, or TRACES_URL to a Jaeger or a Tempo; both may be set.',
    };
  }
  const problem = searchProblem(error);
  if (problem) return { kind: 'noData', title: 'The search cannot be answered', hint: problem };
  const state = panelStateOf(query, (error as ApiError | null)?.status === 0 ? 'The console' : 'The source of traces');
  if (state.kind !== 'ok' || !data) return state;
  const failed = data.sources.filter(({ outcome }) => outcome === 'failed').length;
  return failed > 0
    ? { kind: 'partial', word: `partial: ${data.sources.length - failed} of ${data.sources.length} sources` }
    : state;
}
