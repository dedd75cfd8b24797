import type { LogPosition } from '#lib/adapters/logs/index.ts';
import { AppError } from '#lib/core/errors.ts';
import type { LogContext } from './schemas.ts';
import { askAll, chosenSources } from './sources.ts';
import { toLine } from './view.ts';

export interface ContextInput extends LogPosition {
  environment: string;
  /** When given, the line must be of this service. */
  service?: string;
  before: number;
  after: number;
}

const unknown = () =>
  new AppError('logs.line_unknown', 'The line is not there: it may be past its retention.', {
    errors: [{ path: 'id', code: 'unknown', message: 'must be the id of a line that is kept' }],
  });

/** The lines around one, oldest first; `logs.line_unknown` when it is not there (any more). */
export async function seeContext(input: ContextInput, signal?: AbortSignal): Promise<LogContext> {
  const { environment, service, timeNs, before, after } = input;
  const colon = input.id.lastIndexOf(':');
  const sources = chosenSources(input.id.slice(0, colon));
  const id = input.id.slice(colon + 1);
  const [asked] = await askAll(sources, 'log_context', (source) =>
    source.context({ environment, timeNs, id }, { before, after }, { signal }),
  );
  const lines = asked?.answer;
  const focus = lines?.find((line) => line.id === id);
  if (!asked || !lines || !focus || (service !== undefined && focus.service !== service)) throw unknown();
  return { items: lines.map((line) => toLine(asked.source.source.id, line)), nextCursor: null, focus: input.id };
}
