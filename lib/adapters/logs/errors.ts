export type LogSourceErrorKind = 'unreachable' | 'timeout' | 'refused' | 'garbled' | 'too_large' | 'bad_query';

/** Why a source of logs gave no answer; `detail` is a sentence for a person. */
export class LogSourceError extends Error {
  override readonly name = 'LogSourceError';
  readonly kind: LogSourceErrorKind;
  readonly sourceId: string;
  readonly detail: string;

  constructor(sourceId: string, kind: LogSourceErrorKind, detail: string, options?: { cause?: unknown }) {
    super(`${sourceId}: ${detail}`, options);
    this.kind = kind;
    this.sourceId = sourceId;
    this.detail = detail;
  }
}

/** By name, not by class: one process may hold this module more than once and share promises between the copies. */
export function isLogSourceError(error: unknown): error is LogSourceError {
  return error instanceof Error && error.name === 'LogSourceError';
}
