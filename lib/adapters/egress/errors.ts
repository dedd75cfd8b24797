import { AppError } from '#lib/core/errors.ts';

/** What stood in the way. The first group is refused by us, the second failed on the way or at the other end. */
export type EgressReason =
  | 'url'
  | 'scheme'
  | 'credentials'
  | 'header'
  | 'host'
  | 'address'
  | 'redirect'
  | 'dns'
  | 'connect'
  | 'tls'
  | 'timeout'
  | 'too_large'
  | 'aborted'
  | 'protocol';

const refusedReasons: ReadonlySet<EgressReason> = new Set([
  'url',
  'scheme',
  'credentials',
  'header',
  'host',
  'address',
  'redirect',
]);

/** A fetch that was not made or did not succeed. The sentence names host and cause, never what was sent or answered. */
export class EgressError extends AppError {
  readonly reason: EgressReason;

  constructor(reason: EgressReason, detail: string, cause?: unknown) {
    super(refusedReasons.has(reason) ? 'egress.refused' : 'egress.failed', detail, { cause });
    this.name = 'EgressError';
    this.reason = reason;
  }
}
