import { TraceSourceError } from '#lib/adapters/traces/errors.ts';
import { traceSources } from '#lib/adapters/traces/index.ts';
import type { TraceSource } from '#lib/adapters/traces/port.ts';
import { AppError } from '#lib/core/errors.ts';
import type { SourceAnswer } from './schemas.ts';

/** The sources to ask; `source.unavailable` where there is none, `source.unknown` for one that is not configured. */
export function sourcesFor(id?: string): TraceSource[] {
  const all = traceSources();
  if (all.length === 0) {
    throw new AppError('source.unavailable', 'No source of traces is configured. Set OTLP_URL or TRACES_URL.');
  }
  if (id === undefined) return all;
  const one = all.find(({ source }) => source.id === id);
  if (!one) throw new AppError('source.unknown', `There is no source of traces ${JSON.stringify(id)}.`);
  return [one];
}

/** A source that cannot take a question, with the reason as a sentence; said before it is asked. */
export class Skipped extends Error {
  override readonly name = 'Skipped';
}

export type Outcome<T> =
  | { source: TraceSource; state: 'answered'; value: T }
  | { source: TraceSource; state: 'failed'; error: TraceSourceError }
  | { source: TraceSource; state: 'skipped'; detail: string };

interface Asking {
  signal?: AbortSignal;
  /** How long the others may still take once one has answered. */
  graceMs?: number;
  /** Whether an answer is one that others need not be waited for. */
  isEnough?: (value: never) => boolean;
}

const graceMs = 4_000;

/**
 * Asks every source at once. What a source says, or why it says nothing, comes back in the order of the sources; one
 * that is much slower than the rest is not waited for. Other errors than those of sources are thrown.
 */
export async function askAll<T>(
  sources: readonly TraceSource[],
  ask: (source: TraceSource, signal: AbortSignal) => Promise<T>,
  { signal, graceMs: grace = graceMs, isEnough = () => true }: Asking & { isEnough?: (value: T) => boolean } = {},
): Promise<Outcome<T>[]> {
  const leaving = new AbortController();
  const both = signal ? AbortSignal.any([signal, leaving.signal]) : leaving.signal;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let slow: () => void = () => {};
  const tooSlow = new Promise<'slow'>((resolve) => {
    slow = () => resolve('slow');
  });
  const asked = sources.map(async (source): Promise<Outcome<T>> => {
    try {
      const value = await ask(source, both);
      if (isEnough(value)) timer ??= setTimeout(slow, grace);
      return { source, state: 'answered', value };
    } catch (error) {
      if (error instanceof Skipped) return { source, state: 'skipped', detail: error.message };
      if (isSourceError(error)) return { source, state: 'failed', error };
      throw error;
    }
  });
  try {
    return await Promise.all(
      asked.map(async (one, index) => {
        const outcome = await Promise.race([one, tooSlow]);
        if (outcome !== 'slow') return outcome;
        const source = sources[index] as TraceSource;
        const detail = `It did not answer within ${grace / 1_000} s of the others.`;
        return { source, state: 'failed', error: new TraceSourceError(source.source.id, 'timeout', detail) } as const;
      }),
    );
  } finally {
    clearTimeout(timer);
    leaving.abort();
  }
}

/** By its name, not by identity: one process may load the module of the class more than once. */
export function isSourceError(error: unknown): error is TraceSourceError {
  return error instanceof Error && error.name === 'TraceSourceError';
}

/** How a source took the question, as it travels. */
export function answerOf(outcome: Outcome<unknown>, answered: SourceAnswer['outcome'] = 'answered'): SourceAnswer {
  const { id, name, kind } = outcome.source.source;
  if (outcome.state === 'answered') return { id, name, kind, outcome: answered, detail: null };
  if (outcome.state === 'skipped') return { id, name, kind, outcome: 'skipped', detail: outcome.detail };
  return { id, name, kind, outcome: 'failed', detail: outcome.error.detail };
}

type Answered<T> = Extract<Outcome<T>, { state: 'answered' }>;

/** Those that answered. Where none did: `traces.query_invalid`, `request.invalid` or `source.unavailable`. */
export function answersOf<T>(outcomes: readonly Outcome<T>[]): Answered<T>[] {
  const answered = outcomes.filter((outcome): outcome is Answered<T> => outcome.state === 'answered');
  if (answered.length > 0) return answered;
  throw refusalOf(outcomes);
}

/** Why nobody answered. */
export function refusalOf(outcomes: readonly Outcome<unknown>[]): AppError {
  const said = outcomes.map((outcome) => {
    const { name } = outcome.source.source;
    if (outcome.state === 'failed') return `${name}: ${outcome.error.detail}`;
    return outcome.state === 'skipped' ? `${name}: ${outcome.detail}` : `${name} answered.`;
  });
  const failed = outcomes.flatMap((outcome) => (outcome.state === 'failed' ? [outcome.error] : []));
  const kinds = new Set(failed.map(({ kind }) => kind));
  const cause = failed[0];
  if (kinds.has('bad_query') || failed.length === 0)
    return new AppError('traces.query_invalid', said.join(' '), { cause });
  if (kinds.has('too_large') && kinds.size === 1) return new AppError('traces.too_large', said.join(' '), { cause });
  return new AppError('source.unavailable', said.join(' '), { cause });
}

/** What a person should know of sources that did not answer, as sentences. */
export function notesOf(outcomes: readonly Outcome<unknown>[]): string[] {
  return outcomes.flatMap((outcome) => {
    const { name } = outcome.source.source;
    if (outcome.state === 'failed') return [`${name} did not answer: ${outcome.error.detail}`];
    return outcome.state === 'skipped' ? [`${name} was not asked: ${outcome.detail}`] : [];
  });
}
