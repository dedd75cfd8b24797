import { Problem } from '../problem.ts';

/** Why a call to another service brought no usable answer. */
export type UpstreamFailure =
  | 'no_instance'
  | 'connect'
  | 'connection_lost'
  | 'timeout'
  | 'deadline'
  | 'circuit_open'
  | 'status'
  | 'bad_response';

/** A call that failed; `status` is there when the other side answered. */
export class UpstreamError extends Error {
  readonly service: string;
  readonly failure: UpstreamFailure;
  readonly status: number | undefined;
  /** The `code` of the problem that the other side answered with. */
  readonly code: string | undefined;
  readonly body: unknown;

  constructor(
    service: string,
    failure: UpstreamFailure,
    message: string,
    more: { status?: number; code?: string; body?: unknown; cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = 'UpstreamError';
    this.service = service;
    this.failure = failure;
    this.status = more.status;
    this.code = more.code;
    this.body = more.body;
  }
}

const SENTENCES: Readonly<Record<UpstreamFailure, string>> = {
  no_instance: 'has no instance that is ready',
  connect: 'cannot be reached',
  connection_lost: 'broke off the connection',
  timeout: 'did not answer in time',
  deadline: 'did not answer before the caller stopped waiting',
  circuit_open: 'has been failing and is given a rest',
  status: 'answered with an error',
  bad_response: 'gave an answer that is not understood',
};

/**
 * What a caller is told about a failed call behind us: 503 (with Retry-After) when trying later may help, 504 when it
 * took too long, 502 when the answer was none.
 */
export function upstreamProblem(error: UpstreamError): Problem {
  const detail = `The ${error.service} service ${SENTENCES[error.failure]}.`;
  const options = { errors: [{ path: error.service, code: error.failure, message: detail }], cause: error };
  const later = { ...options, headers: { 'retry-after': '2' } };
  switch (error.failure) {
    case 'no_instance':
    case 'circuit_open':
    case 'connect':
      return new Problem(503, 'upstream.unavailable', detail, later);
    case 'timeout':
    case 'deadline':
      return new Problem(504, 'upstream.timeout', detail, options);
    case 'status':
      if (error.status === 503 || error.status === 429) return new Problem(503, 'upstream.unavailable', detail, later);
      if (error.status === 504) return new Problem(504, 'upstream.timeout', detail, options);
      return new Problem(502, 'upstream.failed', detail, options);
    case 'connection_lost':
    case 'bad_response':
      return new Problem(502, 'upstream.failed', detail, options);
  }
}
