import { routes as auth } from '#lib/auth/index.ts';
import { routes as catalog } from '#lib/catalog/index.ts';
import { routes as facts } from '#lib/facts/index.ts';
import type { RouteDefinition } from '#lib/http/index.ts';
import { routes as overview } from '#lib/overview/index.ts';
import { routes as telemetry } from '#lib/telemetry/index.ts';

/** Every address of the REST door. */
export const routes: RouteDefinition[] = [...overview, ...catalog, ...telemetry, ...facts, ...auth];
