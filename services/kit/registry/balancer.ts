/** Where an instance of a service can be reached. */
export interface Endpoint {
  readonly instanceId: string;
  readonly origin: string;
}

interface Load {
  inFlight: number;
  ejectedUntilMs: number;
}

const EJECT_MS = 3_000;

/**
 * Power of two choices: of two instances picked at random, the one with fewer calls in flight.
 * An instance that could not be reached is passed over for three seconds, unless there is no other.
 */
export class Balancer {
  readonly #loads = new Map<string, Load>();
  readonly #random: () => number;
  readonly #now: () => number;

  constructor(random: () => number = Math.random, now: () => number = () => performance.now()) {
    this.#random = random;
    this.#now = now;
  }

  /** One of `endpoints`, preferring those not yet in `tried`; undefined when there is none. */
  pick(endpoints: readonly Endpoint[], tried: ReadonlySet<string> = new Set()): Endpoint | undefined {
    const now = this.#now();
    const fresh = endpoints.filter((endpoint) => !tried.has(endpoint.origin));
    const healthy = fresh.filter((endpoint) => this.#load(endpoint).ejectedUntilMs <= now);
    const candidates = healthy.length > 0 ? healthy : fresh.length > 0 ? fresh : endpoints;
    if (candidates.length <= 1) return candidates[0];
    const first = Math.floor(this.#random() * candidates.length);
    const second = (first + 1 + Math.floor(this.#random() * (candidates.length - 1))) % candidates.length;
    const [left, right] = [candidates[first] as Endpoint, candidates[second] as Endpoint];
    return this.#load(left).inFlight <= this.#load(right).inFlight ? left : right;
  }

  started(endpoint: Endpoint): void {
    this.#load(endpoint).inFlight += 1;
  }

  finished(endpoint: Endpoint, reached: boolean): void {
    const load = this.#load(endpoint);
    load.inFlight = Math.max(0, load.inFlight - 1);
    load.ejectedUntilMs = reached ? 0 : this.#now() + EJECT_MS;
  }

  #load(endpoint: Endpoint): Load {
    let load = this.#loads.get(endpoint.origin);
    if (!load) {
      if (this.#loads.size > 256) this.#loads.clear();
      load = { inFlight: 0, ejectedUntilMs: 0 };
      this.#loads.set(endpoint.origin, load);
    }
    return load;
  }
}
