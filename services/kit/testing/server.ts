import { propagation, trace } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  InMemorySpanExporter,
  ParentBasedSampler,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { type Dependency, Readiness } from '../health.ts';
import { createLogger, type Logger } from '../log.ts';
import { createMetrics, type Metrics } from '../metrics.ts';
import { createServer, type Server, type ServerOptions } from '../server.ts';

export interface TestTools {
  readonly log: Logger;
  readonly lines: Record<string, unknown>[];
  readonly metrics: Metrics;
  readonly readiness: Readiness;
}

/** What every application needs, with log lines that can be looked at. */
export async function testTools(dependencies: readonly Dependency[] = []): Promise<TestTools> {
  const lines: Record<string, unknown>[] = [];
  const log = createLogger({ level: 'debug', service: 'test', write: (line) => lines.push(JSON.parse(line)) });
  const metrics = createMetrics({ process: false });
  const readiness = new Readiness(dependencies, log);
  await readiness.start(60_000);
  return { log, lines, metrics, readiness };
}

export interface TestServer extends TestTools {
  readonly app: Server;
}

/** A server of the kit with the given routes. */
export async function testServer(
  routes: (app: Server) => void | Promise<void>,
  options: Partial<ServerOptions> & { dependencies?: readonly Dependency[] } = {},
): Promise<TestServer> {
  const tools = await testTools(options.dependencies);
  const app = await createServer({ ...tools, ...options });
  await app.register(async (scope) => routes(scope as Server));
  return { ...tools, app };
}

/** Keeps all spans that are made from now on in memory; `sampled: false` makes those without a parent unsampled. */
export function recordSpans({ sampled = true } = {}): InMemorySpanExporter {
  trace.disable();
  const exporter = new InMemorySpanExporter();
  trace.setGlobalTracerProvider(
    new TracerProvider({
      sampler: new ParentBasedSampler({ root: sampled ? new AlwaysOnSampler() : new AlwaysOffSampler() }),
      spanProcessors: [new SimpleSpanProcessor({ exporter })],
    }),
  );
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  return exporter;
}
