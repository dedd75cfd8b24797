import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { Incident } from '#contracts/payment.ts';
import { Problem } from '#kit/problem.ts';
import type { Incidents } from './incidents.ts';

export interface MisbehaviourOptions {
  readonly incidents: Incidents;
  /** What goes wrong all the time, as configured. */
  readonly errorRatio: number;
  readonly latencyMs: number;
  readonly instanceId: string;
  readonly random?: () => number;
}

/**
 * Makes requests to the routes beside it slow or fail, as configured and as a simulated incident says. The span of a
 * request that an incident hit says so.
 */
export const misbehaviour = fp(async (app: FastifyInstance, options: MisbehaviourOptions) => {
  const { incidents, errorRatio, latencyMs, instanceId, random = Math.random } = options;

  const hits = (incident: Incident | undefined, request: FastifyRequest): boolean => {
    if (!incident) return false;
    const { instance, route, paymentMethod } = incident.scope;
    if (instance !== undefined && instance !== instanceId) return false;
    if (route !== undefined && route !== request.routeOptions.url) return false;
    const paidBy = (request.body as { paymentMethod?: string } | null | undefined)?.paymentMethod;
    if (paymentMethod !== undefined && paymentMethod !== paidBy) return false;
    if (random() >= incident.ratio) return false;
    request.span?.setAttribute('simulated.incident', incident.kind);
    return true;
  };

  app.addHook('preHandler', async (request) => {
    const slow = incidents.find('latency');
    const delayMs = latencyMs + (hits(slow, request) ? (slow?.latencyMs ?? 0) : 0);
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    if (hits(incidents.find('errors'), request) || (errorRatio > 0 && random() < errorRatio)) {
      throw new Problem(503, 'payment.unavailable', 'Payments cannot be taken at the moment.');
    }
  });
});
