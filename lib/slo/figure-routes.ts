import type { RouteDefinition } from '#lib/http/index.ts';

/** Figures: the list, one SLO, its history. */
export const figureRoutes: RouteDefinition[] = [];
