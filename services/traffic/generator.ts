import { randomUUID } from 'node:crypto';
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { Counter, Gauge } from 'prom-client';
import { UpstreamError } from '#kit/client/errors.ts';
import { runWithRequest } from '#kit/context.ts';
import type { Logger } from '#kit/log.ts';
import type { Metrics } from '#kit/metrics.ts';
import { type Arrivals, type Rhythm, rateAt, startArrivals } from './arrivals.ts';
import { JOURNEYS, type Journey, pickJourney } from './journeys.ts';

export interface GeneratorOptions {
  readonly rhythm: Rhythm;
  readonly maxInFlight: number;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly make: (journey: Journey) => Promise<void>;
  readonly random?: () => number;
}

export interface Generator {
  readonly inFlight: number;
  /** Ends the arrivals and waits for journeys under way, for at most `limitMs`. */
  stop(limitMs: number): Promise<void>;
}

/**
 * An open model: customers arrive when they arrive, not when the one before has been served, so a slow fleet gets a
 * queue as it would in life. Beyond `maxInFlight` they are turned away and counted.
 */
export function startGenerator(options: GeneratorOptions): Generator {
  const { rhythm, maxInFlight, metrics, log, make, random = Math.random } = options;
  const registers = [metrics];
  const arrivals = new Counter({
    name: 'traffic_arrivals_total',
    help: 'Customers that arrived, by what they came for.',
    labelNames: ['journey'],
    registers,
  });
  const dropped = new Counter({
    name: 'traffic_dropped_total',
    help: 'Customers that were turned away because too many were inside.',
    labelNames: ['journey'],
    registers,
  });
  const failures = new Counter({
    name: 'traffic_failed_total',
    help: 'Journeys that the fleet failed.',
    labelNames: ['journey', 'error_type'],
    registers,
  });
  for (const journey of JOURNEYS) {
    arrivals.inc({ journey }, 0);
    dropped.inc({ journey }, 0);
  }
  let inFlight = 0;
  new Gauge({
    name: 'traffic_in_flight',
    help: 'Journeys under way.',
    registers,
    collect() {
      this.set(inFlight);
    },
  });
  new Gauge({
    name: 'traffic_target_rate',
    help: 'Arrivals a second that are meant to come now.',
    registers,
    collect() {
      this.set(rateAt(rhythm, performance.now() / 1000));
    },
  });

  const arrive = () => {
    const journey = pickJourney(random);
    if (inFlight >= maxInFlight) {
      dropped.inc({ journey });
      return;
    }
    arrivals.inc({ journey });
    inFlight += 1;
    travel(journey, make)
      .catch((error) => {
        failures.inc({ journey, error_type: error instanceof UpstreamError ? error.failure : 'other' });
        log.debug({ err: error, journey }, 'a journey failed');
      })
      .finally(() => {
        inFlight -= 1;
      });
  };
  const started: Arrivals = startArrivals(rhythm, arrive);

  return {
    get inFlight() {
      return inFlight;
    },
    async stop(limitMs) {
      started.stop();
      const until = performance.now() + limitMs;
      while (inFlight > 0 && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 50));
    },
  };
}

function travel(journey: Journey, make: (journey: Journey) => Promise<void>): Promise<void> {
  const span = trace.getTracer('quarterdeck.traffic').startSpan(`journey ${journey}`, { kind: SpanKind.INTERNAL });
  return context.with(trace.setSpan(context.active(), span), () =>
    runWithRequest({ correlationId: randomUUID() }, () => make(journey))
      .catch((error) => {
        span.setStatus({ code: SpanStatusCode.ERROR, message: (error as Error).message });
        throw error;
      })
      .finally(() => span.end()),
  );
}
