import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { Problem } from '#kit/problem.ts';
import type { Incidents } from './incidents.ts';

export interface MisbehaviourOptions {
  readonly incidents: Incidents;
  /** What goes wrong all the time, as configured. */
  readonly errorRatio: number;
  readonly latencyMs: number;
  readonly random?: () => number;
}

/** Makes requests to the routes beside it slow or fail, as configured and as a simulated incident says. */
export const misbehaviour = fp(async (app: FastifyInstance, options: MisbehaviourOptions) => {
  const { incidents, errorRatio, latencyMs, random = Math.random } = options;
  app.addHook('preHandler', async () => {
    const slow = incidents.find('latency');
    const delayMs = latencyMs + (slow && random() < slow.ratio ? (slow.latencyMs ?? 0) : 0);
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    const failing = Math.max(errorRatio, incidents.find('errors')?.ratio ?? 0);
    if (failing > 0 && random() < failing) {
      throw new Problem(503, 'payment.unavailable', 'Payments cannot be taken at the moment.');
    }
  });
});
