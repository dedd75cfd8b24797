export type TraceSourceErrorKind = 'unreachable' | 'timeout' | 'refused' | 'garbled' | 'too_large' | 'bad_query';

/** Why a source of traces gave no answer; `detail` is a sentence for a person. */
export class TraceSourceError extends Error {
  override readonly name = 'TraceSourceError';
  readonly kind: TraceSourceErrorKind;
  readonly sourceId: string;
  readonly detail: string;

  constructor(sourceId: string, kind: TraceSourceErrorKind, detail: string, options?: { cause?: unknown }) {
    super(`${sourceId}: ${detail}`, options);
    this.kind = kind;
    this.sourceId = sourceId;
    this.detail = detail;
  }
}
