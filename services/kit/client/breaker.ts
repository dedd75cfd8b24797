import {
  BrokenCircuitError,
  CircuitState,
  circuitBreaker,
  ExponentialBackoff,
  handleWhen,
  SamplingBreaker,
} from 'cockatiel';
import type { ClientMetrics } from './client-metrics.ts';
import { UpstreamError } from './errors.ts';

export interface BreakerOptions {
  /** Share of failed calls within the window at which it opens. */
  readonly threshold?: number;
  readonly windowMs?: number;
  /** Below this many calls a second it never opens. */
  readonly minimumRps?: number;
  /** How long it first stays open; doubles up to eight times that. */
  readonly restMs?: number;
}

export interface Breaker {
  /** Runs `fn`, or throws an {@link UpstreamError} `circuit_open` without running it. */
  run<T>(fn: () => Promise<T>): Promise<T>;
  readonly open: boolean;
}

const STATES = ['closed', 'half_open', 'open'] as const;

/** A circuit breaker for all calls to one service. Answers below 500 are successes, and a caller's haste is no failure. */
export function createBreaker(service: string, metrics: ClientMetrics, options: BreakerOptions = {}): Breaker {
  const { threshold = 0.5, windowMs = 10_000, minimumRps = 1, restMs = 2_000 } = options;
  const policy = circuitBreaker(
    handleWhen((error) => !(error instanceof UpstreamError) || isFailure(error)),
    {
      halfOpenAfter: new ExponentialBackoff({ initialDelay: restMs, maxDelay: restMs * 8 }),
      breaker: new SamplingBreaker({ threshold, duration: windowMs, minimumRps }),
    },
  );
  const show = (state: (typeof STATES)[number]) => {
    for (const each of STATES) {
      metrics.breakerState.set({ peer_service: service, state: each }, each === state ? 1 : 0);
    }
  };
  show('closed');
  metrics.breakerOpens.inc({ peer_service: service }, 0);
  policy.onBreak(() => metrics.breakerOpens.inc({ peer_service: service }));
  policy.onStateChange((state) => {
    show(state === CircuitState.Closed ? 'closed' : state === CircuitState.HalfOpen ? 'half_open' : 'open');
  });

  return {
    async run(fn) {
      try {
        return await policy.execute(fn);
      } catch (error) {
        if (error instanceof BrokenCircuitError) {
          throw new UpstreamError(service, 'circuit_open', `calls to ${service} are suspended after repeated failures`);
        }
        throw error;
      }
    },
    get open() {
      return policy.state === CircuitState.Open;
    },
  };
}

function isFailure(error: UpstreamError): boolean {
  if (error.failure === 'status') return (error.status ?? 0) >= 500;
  return error.failure !== 'deadline' && error.failure !== 'no_instance';
}
