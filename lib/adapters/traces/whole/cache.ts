import type { WholeTrace } from './whole.ts';

interface Entry {
  trace: WholeTrace;
  atMs: number;
}

/**
 * Traces that were fetched a moment ago: what is asked about one trace in a row costs one fetch. The one used last
 * stays whatever it weighs.
 */
export class TraceCache {
  readonly #entries = new Map<string, Entry>();
  readonly #flying = new Map<string, Promise<WholeTrace | null>>();
  readonly #maxBytes: number;
  readonly #ttlMs: number;
  readonly #now: () => number;
  #bytes = 0;

  constructor({ maxBytes = 64 * 1024 * 1024, ttlMs = 60_000, now = Date.now } = {}) {
    this.#maxBytes = maxBytes;
    this.#ttlMs = ttlMs;
    this.#now = now;
  }

  /** Bytes that are kept, by the estimate of each trace. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The trace, from memory, or by the one fetch of it that is under way, or by a new one. */
  async of(traceId: string, fetch: () => Promise<WholeTrace | null>): Promise<WholeTrace | null> {
    const entry = this.#entries.get(traceId);
    if (entry && this.#now() - entry.atMs < this.#ttlMs) {
      this.#entries.delete(traceId);
      this.#entries.set(traceId, entry);
      return entry.trace;
    }
    let flying = this.#flying.get(traceId);
    if (!flying) {
      flying = fetch().finally(() => this.#flying.delete(traceId));
      this.#flying.set(traceId, flying);
    }
    const trace = await flying;
    if (trace) this.keep(trace);
    return trace;
  }

  keep(trace: WholeTrace): void {
    this.#drop(trace.traceId);
    this.#entries.set(trace.traceId, { trace, atMs: this.#now() });
    this.#bytes += trace.weight;
    for (const [traceId, { atMs }] of this.#entries) {
      const stays = this.#bytes <= this.#maxBytes && this.#now() - atMs < this.#ttlMs;
      if (stays || traceId === trace.traceId) break;
      this.#drop(traceId);
    }
  }

  #drop(traceId: string): void {
    const entry = this.#entries.get(traceId);
    if (!entry) return;
    this.#entries.delete(traceId);
    this.#bytes -= entry.trace.weight;
  }
}
