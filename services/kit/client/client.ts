import { performance } from 'node:perf_hooks';
import { trace } from '@opentelemetry/api';
import { Agent, type Dispatcher } from 'undici';
import type * as z from 'zod';
import { currentRequest, remainingMs } from '../context.ts';
import { CORRELATION_HEADER } from '../correlation.ts';
import { DEADLINE_HEADER } from '../deadline.ts';
import { exemplarOf, type Metrics } from '../metrics.ts';
import { Balancer, type Endpoint } from '../registry/balancer.ts';
import type { Discovery } from '../registry/discovery.ts';
import { type Breaker, type BreakerOptions, createBreaker } from './breaker.ts';
import { clientLabels, clientMetrics, initialiseSeries } from './client-metrics.ts';
import { UpstreamError, type UpstreamFailure } from './errors.ts';
import { callingPeer } from './peer.ts';
import { backoffMs, RetryBudget } from './retry-budget.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface ClientOptions {
  /** The called service, as the registry and the metrics name it. */
  readonly service: string;
  readonly discovery: Discovery;
  readonly metrics: Metrics;
  /** For one attempt, in milliseconds. */
  readonly timeoutMs?: number;
  /** Attempts of an idempotent call, the first included; 1 never retries. */
  readonly attempts?: number;
  readonly backoff?: { readonly baseMs: number; readonly maxMs: number };
  readonly breaker?: BreakerOptions | false;
  readonly connectionsPerInstance?: number;
}

export interface Call {
  readonly method: Method;
  readonly path: string;
  /** The path with its parameters unnamed, for spans, as in `/orders/{id}`. */
  readonly route?: string;
  /** Sent as JSON; a Buffer is sent as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether it may be sent twice; GET, PUT and DELETE may unless said otherwise. */
  readonly idempotent?: boolean;
  readonly timeoutMs?: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** Calls one service; every failure is an {@link UpstreamError}. */
export interface Client {
  readonly service: string;
  /** Any answer below 500; a failure of the service, of the network or of time is thrown. */
  send(call: Call): Promise<Answer>;
  /** The answer's body as the schema has it. An answer from 400 on is thrown too, with its problem. */
  json<S extends z.ZodType>(schema: S, call: Call): Promise<z.infer<S>>;
  close(): Promise<void>;
}

/**
 * A client with load balancing, a timeout per attempt within the caller's deadline, retries of idempotent calls with
 * full jitter under a budget, and a circuit breaker; each attempt is measured here, at the caller.
 */
export function createClient(options: ClientOptions): Client {
  const { service, discovery, timeoutMs = 2_000, attempts = 3, backoff = { baseMs: 50, maxMs: 1_000 } } = options;
  const metrics = clientMetrics(options.metrics);
  const agent = new Agent({
    connections: options.connectionsPerInstance ?? 64,
    pipelining: 1,
    keepAliveTimeout: 4_000,
    connect: { timeout: 1_000 },
  });
  const balancer = new Balancer();
  const budget = new RetryBudget();
  const breaker: Breaker = options.breaker === false ? NO_BREAKER : createBreaker(service, metrics, options.breaker);
  initialiseSeries(metrics, service);

  const observe = (
    method: string,
    startedAtMs: number,
    status: number | undefined,
    failure: UpstreamFailure | undefined,
  ) => {
    const errorType = status !== undefined && status >= 500 ? String(status) : (failure ?? '');
    metrics.duration.observe({
      labels: clientLabels(service, method, status === undefined ? '' : String(status), errorType),
      value: (performance.now() - startedAtMs) / 1000,
      exemplarLabels: exemplarOf(trace.getActiveSpan()),
    });
  };

  const attempt = async (call: Call, tried: Set<string>): Promise<Answer> => {
    const startedAtMs = performance.now();
    let status: number | undefined;
    try {
      const endpoint = balancer.pick(discovery.endpoints(service), tried);
      if (!endpoint) throw new UpstreamError(service, 'no_instance', `no instance of ${service} is ready`);
      const answer = await exchange(call, endpoint, tried, call.timeoutMs ?? timeoutMs);
      status = answer.status;
      observe(call.method, startedAtMs, status, undefined);
      if (status >= 500) throw statusError(service, answer);
      return answer;
    } catch (error) {
      if (status === undefined) observe(call.method, startedAtMs, undefined, (error as UpstreamError).failure);
      throw error;
    }
  };

  const exchange = async (call: Call, endpoint: Endpoint, tried: Set<string>, limitMs: number): Promise<Answer> => {
    const left = remainingMs();
    if (left !== undefined && left < 1) throw new UpstreamError(service, 'deadline', 'the caller has stopped waiting');
    const waitMs = Math.ceil(Math.min(limitMs, left ?? limitMs));
    const signal = AbortSignal.timeout(waitMs);
    tried.add(endpoint.origin);
    balancer.started(endpoint);
    let reached = true;
    try {
      const response = await callingPeer(service, call.route, () =>
        agent.request({
          origin: endpoint.origin,
          path: call.path,
          method: call.method,
          headers: headersOf(call, waitMs),
          body: bodyOf(call.body),
          signal,
        }),
      );
      return { status: response.statusCode, headers: response.headers, body: await bytesOf(response.body) };
    } catch (error) {
      const failure = failureOf(error, signal, left !== undefined && left <= limitMs);
      reached = failure === 'deadline';
      throw new UpstreamError(service, failure, `${service} at ${endpoint.origin}: ${(error as Error).message}`, {
        cause: error,
      });
    } finally {
      balancer.finished(endpoint, reached);
    }
  };

  const send = async (call: Call): Promise<Answer> => {
    const most = (call.idempotent ?? call.method !== 'POST') ? attempts : 1;
    const tried = new Set<string>();
    budget.deposit();
    for (let count = 1; ; count++) {
      const startedAtMs = performance.now();
      try {
        return await breaker.run(() => attempt(call, tried));
      } catch (error) {
        if (!(error instanceof UpstreamError)) throw error;
        if (error.failure === 'circuit_open') observe(call.method, startedAtMs, undefined, error.failure);
        if (count >= most || !mayPass(error)) throw error;
        const pauseMs = backoffMs(count, backoff.baseMs, backoff.maxMs);
        const left = remainingMs();
        if (left !== undefined && left <= pauseMs) throw error;
        if (!budget.withdraw()) {
          metrics.retriesDenied.inc({ peer_service: service });
          throw error;
        }
        metrics.retries.inc({ peer_service: service });
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    }
  };

  return {
    service,
    send,
    async json(schema, call) {
      const answer = await send(call);
      if (answer.status >= 400) throw statusError(service, answer);
      const parsed = schema.safeParse(parseJson(answer.body));
      if (parsed.success) return parsed.data;
      throw new UpstreamError(
        service,
        'bad_response',
        `${service} gave an answer to ${call.method} ${call.path} that is not as agreed`,
        {
          status: answer.status,
          cause: parsed.error,
        },
      );
    },
    close: () => agent.close(),
  };
}

const NO_BREAKER: Breaker = { run: (fn) => fn(), open: false };

function mayPass(error: UpstreamError): boolean {
  if (error.failure === 'status') return error.status === 502 || error.status === 503;
  return error.failure === 'connect' || error.failure === 'connection_lost' || error.failure === 'timeout';
}

function failureOf(error: unknown, signal: AbortSignal, boundByCaller: boolean): UpstreamFailure {
  if (signal.aborted) return boundByCaller ? 'deadline' : 'timeout';
  const code = (error as { code?: string }).code ?? '';
  if (/^(ECONNREFUSED|ENOTFOUND|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT)$/.test(code))
    return 'connect';
  return 'connection_lost';
}

function headersOf(call: Call, waitMs: number): Record<string, string> {
  const request = currentRequest();
  return {
    accept: 'application/json',
    [DEADLINE_HEADER]: String(waitMs),
    ...(request ? { [CORRELATION_HEADER]: request.correlationId } : {}),
    ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
    ...call.headers,
  };
}

function bodyOf(body: unknown): string | Buffer | null {
  if (body === undefined) return null;
  return Buffer.isBuffer(body) ? body : JSON.stringify(body);
}

async function bytesOf(body: Dispatcher.ResponseData['body']): Promise<Buffer> {
  return Buffer.from(await body.arrayBuffer());
}

function statusError(service: string, answer: Answer): UpstreamError {
  const body = parseJson(answer.body) as { code?: unknown; detail?: unknown } | undefined;
  return new UpstreamError(service, 'status', `${service} answered ${answer.status}`, {
    status: answer.status,
    code: typeof body?.code === 'string' ? body.code : undefined,
    body,
  });
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
