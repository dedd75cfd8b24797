export { routes } from './routes.ts';
export { type Overview, seeOverview } from './see-overview.ts';
