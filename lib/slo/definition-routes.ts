import type { RouteDefinition } from '#lib/http/index.ts';

/** Definitions: create, change, import, export, validate, templates, revisions, policies, exclusions. */
export const definitionRoutes: RouteDefinition[] = [];
