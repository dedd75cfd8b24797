import { definitionRoutes } from './definition-routes.ts';
import { draftRoutes } from './draft-routes.ts';
import { figureRoutes } from './figure-routes.ts';
import { ruleRoutes } from './rule-routes.ts';

// Fixed words before `{slo}`.
export const routes = [...ruleRoutes, ...draftRoutes, ...definitionRoutes, ...figureRoutes];
