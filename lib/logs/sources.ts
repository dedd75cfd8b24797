import { isLogSourceError, type LogSource, type LogSourceError, logSources } from '#lib/adapters/logs/index.ts';
import { AppError, type ErrorCode } from '#lib/core/errors.ts';
import { metrics } from '#lib/core/metrics.ts';
import type { LogSourceAnswer } from './schemas.ts';

/** The sources to ask; `source.unavailable` when none is configured, `source.unknown` for a wrong name. */
export function chosenSources(id?: string): LogSource[] {
  const all = logSources();
  if (all.length === 0) {
    throw new AppError('source.unavailable', 'No source of logs is configured. Set OTLP_URL or LOGS_URL.');
  }
  if (id === undefined) return all;
  const found = all.filter(({ source }) => source.id === id);
  if (found.length > 0) return found;
  const message = `must be one of ${all.map(({ source }) => source.id).join(', ')}`;
  throw new AppError('source.unknown', `There is no source of logs ${JSON.stringify(id)}.`, {
    errors: [{ path: 'source', code: 'unknown', message }],
  });
}

const codes: Record<LogSourceError['kind'], ErrorCode> = {
  unreachable: 'source.unavailable',
  timeout: 'source.timeout',
  refused: 'source.refused',
  garbled: 'source.garbled',
  too_large: 'source.garbled',
  bad_query: 'logs.query_invalid',
};

/** A source's failure as a person is told it. */
export function sourceFailure(error: LogSourceError, name: string): AppError {
  const detail = `${name}: ${error.detail}`;
  return new AppError(codes[error.kind], detail, {
    cause: error,
    ...(error.kind === 'bad_query' && { errors: [{ path: 'text', code: 'query', message: error.detail }] }),
  });
}

export interface Asked<T> {
  source: LogSource;
  /** null: it failed, and `outcome` says why. */
  answer: T | null;
  outcome: LogSourceAnswer;
}

/** Asks every source at once. What one of them cannot answer is said; when none can, that is the answer. */
export async function askAll<T>(
  sources: readonly LogSource[],
  kind: string,
  ask: (source: LogSource) => Promise<T>,
): Promise<Asked<T>[]> {
  let failure: AppError | undefined;
  const asked = await Promise.all(
    sources.map(async (source): Promise<Asked<T>> => {
      const { id, name, kind: of } = source.source;
      const started = performance.now();
      const took = (outcome: string) =>
        metrics().upstream.observe({ source: id, kind, outcome }, (performance.now() - started) / 1_000);
      try {
        const answer = await ask(source);
        took('ok');
        return { source, answer, outcome: { id, name, kind: of, outcome: 'answered', detail: null } };
      } catch (error) {
        if (!isLogSourceError(error)) throw error;
        took(error.kind);
        failure ??= sourceFailure(error, name);
        return { source, answer: null, outcome: { id, name, kind: of, outcome: 'failed', detail: error.detail } };
      }
    }),
  );
  if (failure && asked.every(({ answer }) => answer === null)) throw failure;
  return asked;
}

/** Notes of several sources, each with the name of its source where there are several. */
export function notesOf(asked: readonly Asked<{ notes: string[] }>[]): string[] {
  return asked.flatMap(({ source, answer }) =>
    (answer?.notes ?? []).map((note) => (asked.length > 1 ? `${source.source.name}: ${note}` : note)),
  );
}
