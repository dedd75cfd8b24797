export { engineFor } from './engine.ts';
export { jobs } from './jobs.ts';
export { listEnvironments } from './list-environments.ts';
export { listServices } from './list-services.ts';
export {
  environmentParam,
  environmentQuery,
  instantMs,
  rangeQuery,
  resolveRange,
  serviceParams,
  timePoint,
} from './params.ts';
export { environmentOf, permitEnvironment, routes } from './routes.ts';
export { seeMap } from './see-map.ts';
export { seeRed } from './see-red.ts';
export { seeService } from './see-service.ts';
