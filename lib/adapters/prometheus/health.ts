import type { PrometheusError } from './errors.ts';
import type { PrometheusSource, SourceHealth } from './port.ts';

/** What the calls to one engine have shown, kept up to date by the client. */
export class HealthRecord {
  #health: SourceHealth;
  readonly #listeners = new Set<(health: SourceHealth) => void>();

  constructor(source: PrometheusSource) {
    this.#health = {
      id: source.id,
      name: source.name,
      kind: 'prometheus',
      url: publicUrl(source.url),
      state: 'unknown',
      version: null,
      latencyMs: null,
      lastSuccessAtMs: null,
      lastErrorAtMs: null,
      lastError: null,
      failingSinceMs: null,
    };
  }

  get(): SourceHealth {
    return { ...this.#health };
  }

  succeeded(latencyMs: number, atMs: number, version?: string): void {
    this.#update({
      state: 'ok',
      latencyMs: Math.round(latencyMs),
      lastSuccessAtMs: atMs,
      failingSinceMs: null,
      ...(version ? { version } : {}),
    });
  }

  /** Errors of a query are noted; only an outage makes the source failing, since the first of them. */
  failed(error: PrometheusError, atMs: number): void {
    if (error.kind === 'aborted') return;
    const noted = { lastErrorAtMs: atMs, lastError: error.detail };
    if (!error.isOutage) {
      if (error.kind === 'query_timeout') this.#update(noted);
      return;
    }
    this.#update({ ...noted, state: 'failing', failingSinceMs: this.#health.failingSinceMs ?? atMs });
  }

  subscribe(listener: (health: SourceHealth) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #update(change: Partial<SourceHealth>): void {
    const before = this.#health.state;
    this.#health = { ...this.#health, ...change };
    if (this.#health.state === before) return;
    for (const listener of this.#listeners) listener(this.get());
  }
}

/** An address without user and password. */
export function publicUrl(url: string): string {
  try {
    const parsed = new URL(url);
    parsed.username = '';
    parsed.password = '';
    return parsed.toString().replace(/\/$/, '');
  } catch {
    return url;
  }
}
