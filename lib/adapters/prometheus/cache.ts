export interface Cached<T> {
  value: T;
  outcome: 'hit' | 'shared' | 'miss';
}

interface Entry {
  value: unknown;
  weight: number;
  expiresAtMs: number;
}

interface Flight {
  promise: Promise<unknown>;
  controller: AbortController;
  waiters: number;
}

export interface SharedCacheOptions {
  maxEntries: number;
  /** Sum of the weights of all entries, e.g. points. */
  maxWeight: number;
  now?: () => number;
}

/**
 * Shares what many ask for at once. Identical calls in flight become one, results stay until they expire, and the
 * least recently used go first when there is no room. A call is aborted only when everyone who waits has left.
 */
export class SharedCache {
  readonly #entries = new Map<string, Entry>();
  readonly #flights = new Map<string, Flight>();
  readonly #options: SharedCacheOptions;
  readonly #now: () => number;
  #weight = 0;

  constructor(options: SharedCacheOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  get size(): number {
    return this.#entries.size;
  }

  get weight(): number {
    return this.#weight;
  }

  /** What is held under a key and has not expired. */
  peek<T>(key: string): T | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    if (entry.expiresAtMs <= this.#now()) {
      this.delete(key);
      return undefined;
    }
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value as T;
  }

  set(key: string, value: unknown, ttlMs: number, weight = 1): void {
    this.delete(key);
    if (ttlMs <= 0 || weight > this.#options.maxWeight) return;
    this.#entries.set(key, { value, weight, expiresAtMs: this.#now() + ttlMs });
    this.#weight += weight;
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#options.maxEntries && this.#weight <= this.#options.maxWeight) break;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    this.#weight -= entry.weight;
    this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
    this.#weight = 0;
  }

  /** The value under a key, from here, from a call that is under way, or from `load`. Errors are not kept. */
  async get<T>(
    key: string,
    load: (signal: AbortSignal) => Promise<T>,
    { ttlMs, weigh = () => 1, signal }: { ttlMs: number; weigh?: (value: T) => number; signal?: AbortSignal },
  ): Promise<Cached<T>> {
    signal?.throwIfAborted();
    const held = this.peek<T>(key);
    if (held !== undefined) return { value: held, outcome: 'hit' };
    let flight = this.#flights.get(key);
    const outcome = flight ? 'shared' : 'miss';
    if (!flight) {
      const controller = new AbortController();
      const promise = load(controller.signal)
        .then((value) => {
          this.set(key, value, ttlMs, weigh(value));
          return value;
        })
        .finally(() => {
          if (this.#flights.get(key)?.controller === controller) this.#flights.delete(key);
        });
      promise.catch(() => {});
      flight = { promise, controller, waiters: 0 };
      this.#flights.set(key, flight);
    }
    return { value: (await this.#join(key, flight, signal)) as T, outcome };
  }

  async #join(key: string, flight: Flight, signal: AbortSignal | undefined): Promise<unknown> {
    flight.waiters += 1;
    const { promise: left, reject } = Promise.withResolvers<never>();
    const onAbort = () => reject(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      return await Promise.race([flight.promise, left]);
    } finally {
      signal?.removeEventListener('abort', onAbort);
      flight.waiters -= 1;
      if (flight.waiters === 0 && this.#flights.get(key) === flight) {
        this.#flights.delete(key);
        flight.controller.abort();
      }
    }
  }
}

/** Lets `limit` run at a time; the others wait in order, or leave when their signal says so. */
export class Limiter {
  readonly #limit: number;
  #running = 0;
  readonly #queue: (() => void)[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  async run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    if (this.#running >= this.#limit) await this.#wait(signal);
    else this.#running += 1;
    try {
      return await work();
    } finally {
      const next = this.#queue.shift();
      if (next) next();
      else this.#running -= 1;
    }
  }

  #wait(signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const onAbort = () => {
      this.#queue.splice(this.#queue.indexOf(enter), 1);
      reject(signal?.reason);
    };
    const enter = () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    this.#queue.push(enter);
    return promise;
  }
}
