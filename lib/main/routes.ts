import { routes as alerts } from '#lib/alerts/index.ts';
import { routes as auth } from '#lib/auth/index.ts';
import { routes as catalog } from '#lib/catalog/index.ts';
import { routes as facts } from '#lib/facts/index.ts';
import type { RouteDefinition } from '#lib/http/index.ts';
import { routes as logs } from '#lib/logs/index.ts';
import { routes as overview } from '#lib/overview/index.ts';
import { routes as slo } from '#lib/slo/index.ts';
import { routes as telemetry } from '#lib/telemetry/index.ts';
import { routes as traces } from '#lib/traces/index.ts';

/** Every address of the REST door. */
export const routes: RouteDefinition[] = [
  ...overview,
  ...catalog,
  ...telemetry,
  ...traces,
  ...logs,
  ...slo,
  ...alerts,
  ...facts,
  ...auth,
];
