export { engineFor } from './engine.ts';
export { jobs } from './jobs.ts';
export { listEnvironments } from './list-environments.ts';
export { listServices } from './list-services.ts';
export { environmentParam, environmentQuery } from './params.ts';
export { environmentOf, permitEnvironment, routes } from './routes.ts';
export { seeRed } from './see-red.ts';
export { seeService } from './see-service.ts';
