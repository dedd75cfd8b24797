import { hash } from 'node:crypto';
import { cacheRequests } from '#kit/cache.ts';
import type { Answer } from '#kit/client/client.ts';
import { LruMap } from '#kit/lru.ts';
import type { Metrics } from '#kit/metrics.ts';

/** An answer that is ready to be sent: its text, its headers, and until when it may be. */
export interface CachedAnswer {
  readonly status: number;
  /** As a string: Node sends that together with the headers in one write, and a Buffer in two. */
  readonly body: string;
  readonly etag: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly expiresAtMs: number;
}

export interface ReadCacheOptions {
  readonly metrics: Metrics;
  readonly ttlMs: number;
  readonly maxEntries: number;
  readonly now?: () => number;
}

/**
 * Answers to reads, kept ready for a short while. Equal reads that arrive while one is on its way share its answer,
 * so that a burst costs the service behind one request. Only 200 is kept.
 */
export class ReadCache {
  readonly #entries: LruMap<CachedAnswer>;
  readonly #onTheWay = new Map<string, Promise<CachedAnswer>>();
  readonly #ttlMs: number;
  readonly #now: () => number;
  readonly #hit: () => void;
  readonly #miss: () => void;
  readonly #shared: () => void;

  constructor({ metrics, ttlMs, maxEntries, now = () => performance.now() }: ReadCacheOptions) {
    this.#entries = new LruMap(maxEntries);
    this.#ttlMs = ttlMs;
    this.#now = now;
    const counter = cacheRequests(metrics);
    const counted = (result: string) => {
      counter.inc({ cache: 'gateway', result }, 0);
      return () => counter.inc({ cache: 'gateway', result });
    };
    this.#hit = counted('hit');
    this.#miss = counted('miss');
    this.#shared = counted('shared');
  }

  /** The answer when there is a fresh one. */
  fresh(key: string): CachedAnswer | undefined {
    const entry = this.#entries.peek(key);
    if (entry === undefined || entry.expiresAtMs <= this.#now()) return undefined;
    this.#hit();
    return entry;
  }

  /** The answer of `load`, which runs once however many ask. */
  async through(key: string, load: () => Promise<Answer>): Promise<CachedAnswer> {
    const underway = this.#onTheWay.get(key);
    if (underway) {
      this.#shared();
      return underway;
    }
    this.#miss();
    const loading = load()
      .then((answer) => this.#keep(key, answer))
      .finally(() => this.#onTheWay.delete(key));
    this.#onTheWay.set(key, loading);
    return loading;
  }

  #keep(key: string, answer: Answer): CachedAnswer {
    const contentType = String(answer.headers['content-type'] ?? 'application/json; charset=utf-8');
    const etag = `"${hash('sha256', answer.body, 'base64url').slice(0, 22)}"`;
    const cached = {
      status: answer.status,
      body: answer.body.toString('utf8'),
      etag,
      headers: {
        'content-type': contentType,
        'content-length': String(answer.body.length),
        'cache-control': 'private, no-cache',
        etag,
      },
      expiresAtMs: this.#now() + this.#ttlMs,
    };
    if (answer.status === 200 && this.#ttlMs > 0) this.#entries.set(key, cached);
    return cached;
  }
}
