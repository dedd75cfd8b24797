import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { Gauge } from 'prom-client';
import { sendProblem } from './errors.ts';
import type { Logger } from './log.ts';
import type { Metrics } from './metrics.ts';
import { Problem } from './problem.ts';

/** Something that a service stands on. Without an `optional` one it works, if less well. */
export interface Dependency {
  readonly name: string;
  readonly optional?: boolean;
  /** Rejects, or takes longer than two seconds, when the dependency is away. */
  readonly check: () => Promise<void> | void;
}

export type DependencyStatus = 'ok' | 'degraded' | 'failing';

export interface DependencyReport {
  readonly name: string;
  readonly status: DependencyStatus;
  readonly error?: string;
  /** When it began to be away, RFC 3339. */
  readonly since?: string;
}

const CHECK_TIMEOUT_MS = 2_000;
const FRESH_MS = 500;

/** Whether this instance should get traffic, and why not. */
export class Readiness {
  readonly #dependencies: readonly Dependency[];
  readonly #log: Logger;
  readonly #away = new Map<string, { error: string; since: Date }>();
  #checkedAtMs = Number.NEGATIVE_INFINITY;
  #running: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #started = false;
  #draining = false;

  constructor(dependencies: readonly Dependency[], log: Logger) {
    this.#dependencies = dependencies;
    this.#log = log;
  }

  get draining(): boolean {
    return this.#draining;
  }

  /** Checks everything once, then every `everyMs`; calls `changed` whenever readiness turns. */
  async start(everyMs = 2_000, changed: () => void = () => {}): Promise<void> {
    await this.check(0);
    this.#started = true;
    let before = this.ready;
    const loop = async () => {
      await this.check();
      if (this.ready !== before) {
        before = this.ready;
        changed();
      }
      if (!this.#draining) this.#timer = setTimeout(loop, everyMs);
    };
    this.#timer = setTimeout(loop, everyMs);
  }

  /** From now on not ready, for good. */
  drain(): void {
    this.#draining = true;
    clearTimeout(this.#timer);
  }

  get ready(): boolean {
    return this.#started && !this.#draining && this.report().every((dependency) => dependency.status !== 'failing');
  }

  report(): DependencyReport[] {
    return this.#dependencies.map(({ name, optional }) => {
      const away = this.#away.get(name);
      if (!away) return { name, status: 'ok' };
      return { name, status: optional ? 'degraded' : 'failing', error: away.error, since: away.since.toISOString() };
    });
  }

  /** Looks at every dependency unless that was done within the last half second (`freshMs`). */
  async check(freshMs = FRESH_MS): Promise<void> {
    if (performance.now() - this.#checkedAtMs < freshMs) return;
    this.#running ??= Promise.all(this.#dependencies.map((dependency) => this.#look(dependency))).then(() => {
      this.#checkedAtMs = performance.now();
      this.#running = undefined;
    });
    await this.#running;
  }

  async #look({ name, check }: Dependency): Promise<void> {
    try {
      await within(CHECK_TIMEOUT_MS, check);
      if (this.#away.delete(name)) this.#log.info({ dependency: name }, `${name} answers again`);
    } catch (error) {
      const message = describeError(error);
      const known = this.#away.get(name);
      if (!known) this.#log.warn({ dependency: name, err: error }, `${name} is away`);
      this.#away.set(name, { error: message, since: known?.since ?? new Date() });
    }
  }
}

function describeError(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return describeError(error.errors[0]);
  const { message, code } = error as { message?: string; code?: string };
  return (message || code || 'unknown error').slice(0, 200);
}

async function within(limitMs: number, fn: () => Promise<void> | void): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limitMs} ms`)), limitMs);
  });
  try {
    await Promise.race([fn(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** `GET /healthz` (the process lives) and `GET /readyz` (it should get traffic; 503 names what is away). */
export const health = fp(async (app: FastifyInstance, options: { readiness: Readiness; metrics: Metrics }) => {
  const { readiness, metrics } = options;
  new Gauge({
    name: 'dependency_up',
    help: 'Whether a dependency answers (1) or not (0).',
    labelNames: ['dependency'],
    registers: [metrics],
    collect() {
      for (const { name, status } of readiness.report()) this.set({ dependency: name }, status === 'ok' ? 1 : 0);
    },
  });

  app.get('/healthz', async () => ({ status: 'alive' }));

  app.get('/readyz', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    if (readiness.draining) {
      return sendProblem(
        reply,
        new Problem(503, 'service.draining', 'This instance is shutting down.', { extra: { checks: [] } }),
      );
    }
    await readiness.check();
    const checks = readiness.report();
    if (readiness.ready) {
      const degraded = checks.some((check) => check.status === 'degraded');
      return { status: degraded ? 'degraded' : 'ready', checks };
    }
    const failing = checks.filter((check) => check.status === 'failing');
    const detail =
      failing.length > 0
        ? failing.map(({ name, error, since }) => `${name} is away since ${since}: ${error}.`).join(' ')
        : 'This instance is starting.';
    const errors = failing.map(({ name, error, since }) => ({
      path: name,
      code: 'unavailable',
      message: `${error} (since ${since})`,
    }));
    const code = failing.length > 0 ? 'service.dependency_away' : 'service.starting';
    return sendProblem(
      reply,
      new Problem(503, code, detail, { errors, headers: { 'retry-after': '2' }, extra: { checks } }),
    );
  });
});
