import { createServer, type Server, type ServerOptions } from '#kit/server.ts';
import { type ChargeRoutesOptions, chargeRoutes, describeCharge } from './charge-routes.ts';
import { incidentRoutes } from './incident-routes.ts';
import type { Incidents } from './incidents.ts';
import { misbehaviour } from './misbehaviour.ts';

export interface PaymentAppOptions extends ServerOptions, ChargeRoutesOptions {
  readonly incidents: Incidents;
  readonly incidentToken: string | undefined;
  readonly instanceId: string;
  readonly errorRatio: number;
  readonly latencyMs: number;
}

/** The payment service without its worker. */
export async function buildApp(options: PaymentAppOptions): Promise<Server> {
  const app = await createServer(options);
  await app.register(async (charges: Server) => {
    charges.addHook('preHandler', describeCharge);
    await charges.register(misbehaviour, options);
    await charges.register(chargeRoutes, options);
  });
  const { incidentToken: token, incidents } = options;
  if (token) await app.register(incidentRoutes, { incidents, token });
  return app;
}
