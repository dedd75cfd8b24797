import * as z from 'zod';
import { incidentKindSchema, incidentRequestSchema } from '#contracts/payment.ts';
import { Problem } from '#kit/problem.ts';
import { bearerToken, sameSecret } from '#kit/secret.ts';
import type { Server } from '#kit/server.ts';
import type { Incidents } from './incidents.ts';

const whichQuery = z.strictObject({ kind: incidentKindSchema.optional() });

/** Endpoints that simulate an incident, each behind the token. Not registered at all where there is none. */
export async function incidentRoutes(app: Server, options: { incidents: Incidents; token: string }): Promise<void> {
  const { incidents, token } = options;

  app.addHook('onRequest', async (request) => {
    const given = bearerToken(request.headers.authorization);
    if (given !== undefined && sameSecret(given, token)) return;
    throw new Problem(401, 'payment.incident_token', 'Simulating an incident needs its bearer token.', {
      headers: { 'www-authenticate': 'Bearer' },
    });
  });

  app.get('/simulate/incident', async () => ({ items: incidents.active() }));

  app.post('/simulate/incident', { schema: { body: incidentRequestSchema } }, async (request, reply) =>
    reply.code(201).send(await incidents.begin(request.body)),
  );

  app.delete('/simulate/incident', { schema: { querystring: whichQuery } }, async (request) => ({
    ended: await incidents.end(request.query.kind),
  }));
}
