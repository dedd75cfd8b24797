import type { RouteDefinition } from '#lib/http/index.ts';

export const routes: RouteDefinition[] = [];
