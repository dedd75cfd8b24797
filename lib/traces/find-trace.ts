import type { StoredTrace, TraceSource } from '#lib/adapters/traces/port.ts';
import { AppError } from '#lib/core/errors.ts';
import { once } from '#lib/core/registry.ts';
import { environmentOf } from '#lib/telemetry/index.ts';
import type { SourceAnswer } from './schemas.ts';
import { answerOf, askAll, type Outcome, refusalOf, sourcesFor } from './sources.ts';

export interface Located {
  trace: StoredTrace;
  source: TraceSource;
  /** Every source, with where the trace was found and where not. */
  sources: SourceAnswer[];
}

interface Asking {
  signal?: AbortSignal;
  /** When it happened, in milliseconds since 1970. */
  aroundMs?: number;
}

/** The others are waited for so long once one source has the trace. */
const graceMs = 1_500;
const mostRemembered = 2_000;

/** Which source had a trace, so that its spans are asked of that one. */
const remembered = () => once('traces.located', () => new Map<string, string>());

function remember(traceId: string, sourceId: string): void {
  const known = remembered();
  known.delete(traceId);
  known.set(traceId, sourceId);
  for (const oldest of known.keys()) {
    if (known.size <= mostRemembered) break;
    known.delete(oldest);
  }
}

/**
 * Looks for a trace in every source. Where several have it, the one with the most spans is taken. `traces.not_found`
 * says why it may be missing; `source.unavailable` where no source could be asked.
 */
export async function locateTrace(traceId: string, { signal, aroundMs }: Asking = {}): Promise<Located> {
  const outcomes = await askAll(
    sourcesFor(),
    (source, within) =>
      source.trace(traceId, aroundMs === undefined ? { signal: within } : { signal: within, aroundMs }),
    { signal, graceMs, isEnough: (trace) => trace !== null },
  );
  let best: { trace: StoredTrace; source: TraceSource } | null = null;
  for (const outcome of outcomes) {
    if (outcome.state !== 'answered' || !outcome.value || outcome.value.spans.length === 0) continue;
    if (best && best.trace.spans.length >= outcome.value.spans.length) continue;
    best = { trace: outcome.value, source: outcome.source };
  }
  if (best) {
    remember(traceId, best.source.source.id);
    return { ...best, sources: outcomes.map((outcome) => answerOf(outcome, foundIn(outcome))) };
  }
  if (outcomes.every(({ state }) => state !== 'answered')) throw refusalOf(outcomes);
  throw await absence(traceId, outcomes, { signal, aroundMs });
}

function foundIn(outcome: Outcome<StoredTrace | null>): SourceAnswer['outcome'] {
  return outcome.state === 'answered' && outcome.value && outcome.value.spans.length > 0 ? 'found' : 'not_found';
}

/** The source that had the trace when it was last read, else the one that has it now. */
export async function sourceOf(traceId: string, asking: Asking = {}): Promise<TraceSource> {
  const known = remembered().get(traceId);
  return sourcesFor().find(({ source }) => source.id === known) ?? (await locateTrace(traceId, asking)).source;
}

const recentMs = 30_000;
const minuteMs = 60_000;

/** Why a trace may be in no source, as far as that can be known. */
async function absence(
  traceId: string,
  outcomes: readonly Outcome<StoredTrace | null>[],
  { signal, aroundMs }: Asking,
): Promise<AppError> {
  const asked = outcomes.flatMap(({ state, source }) => (state === 'answered' ? [source.source.name] : []));
  const silent = outcomes.flatMap((outcome) =>
    outcome.state === 'failed' ? [`${outcome.source.source.name} could not be asked: ${outcome.error.detail}`] : [],
  );
  const isRecent = aroundMs !== undefined && Date.now() - aroundMs < recentMs;
  const reasons = [
    await samplingAround(outcomes, { signal, aroundMs }),
    'It may be older than what is kept.',
    isRecent
      ? 'It is so recent that it may not have arrived yet: try again in some seconds.'
      : 'A trace that has just happened arrives after some seconds.',
  ];
  if (isRecent) reasons.unshift(reasons.pop() ?? '');
  return new AppError(
    'traces.not_found',
    [
      `${asked.join(' and ')} ${asked.length === 1 ? 'does' : 'do'} not have the trace ${traceId}.`,
      ...silent,
      ...reasons,
    ].join(' '),
  );
}

/** What was left out before the store around then, as a sentence. */
async function samplingAround(
  outcomes: readonly Outcome<StoredTrace | null>[],
  { signal, aroundMs }: Asking,
): Promise<string> {
  const unknown = 'It may have been left out by sampling, here or before it was sent.';
  const nowMs = Date.now();
  const toMs = aroundMs === undefined ? nowMs : Math.min(nowMs, aroundMs + minuteMs);
  const range = { fromMs: aroundMs === undefined ? nowMs - 60 * minuteMs : aroundMs - minuteMs, toMs };
  if (range.fromMs >= range.toMs) return unknown;
  const embedded = outcomes.flatMap(({ source }) => (source.source.kind === 'embedded' ? [source] : []));
  const [answer] = await Promise.all(
    embedded.map((source) =>
      source
        .search(
          { environment: environmentOf(undefined), ...range, attributes: [], limit: 1, order: 'newest' },
          { signal },
        )
        .catch(() => null),
    ),
  );
  const ratio = answer?.sampling?.leastRatio;
  if (ratio === undefined) return unknown;
  const when = aroundMs === undefined ? 'within the last hour' : 'at that time';
  if (ratio >= 1) return `Nothing was left out by sampling here ${when}; it may have been before it was sent.`;
  const percent = Number((ratio * 100).toPrecision(2));
  return `It was probably left out by sampling: ${when} as few as ${percent} % of ordinary traces were kept (${answer?.sampling?.rule}).`;
}
