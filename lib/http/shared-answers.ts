import { metrics } from '#lib/core/metrics.ts';
import { once } from '#lib/core/registry.ts';

export interface Answer {
  body: string;
  etag: string;
  madeAt: number;
}

const mostAnswers = 500;

/**
 * Serialised answers shared by all viewers. A question in flight is joined, not asked again; an answer is kept for
 * `ttlMs`; a failure is shared with those who wait and then forgotten.
 */
export class SharedAnswers {
  readonly #answers = new Map<string, Answer & { until: number }>();
  readonly #inFlight = new Map<string, Promise<Answer>>();

  async get(key: string, ttlMs: number, make: () => Promise<Answer>): Promise<Answer> {
    const kept = this.#answers.get(key);
    if (kept && kept.until > Date.now()) {
      metrics().cache.inc({ cache: 'answers', result: 'hit' });
      return kept;
    }
    const flying = this.#inFlight.get(key);
    if (flying) {
      metrics().cache.inc({ cache: 'answers', result: 'shared' });
      return flying;
    }
    metrics().cache.inc({ cache: 'answers', result: 'miss' });
    const made = make().then((answer) => {
      this.#keep(key, { ...answer, until: Date.now() + ttlMs });
      return answer;
    });
    this.#inFlight.set(key, made);
    try {
      return await made;
    } finally {
      this.#inFlight.delete(key);
    }
  }

  #keep(key: string, answer: Answer & { until: number }): void {
    this.#answers.delete(key);
    this.#answers.set(key, answer);
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size <= mostAnswers) break;
      this.#answers.delete(oldest);
    }
  }
}

export function sharedAnswers(): SharedAnswers {
  return once('shared-answers', () => new SharedAnswers());
}
