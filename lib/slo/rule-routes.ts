import type { RouteDefinition } from '#lib/http/index.ts';

/** Generated rules and the preview of a definition. */
export const ruleRoutes: RouteDefinition[] = [];
