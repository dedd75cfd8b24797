export { routes } from './routes.ts';
export { snapshotDigest, takeSnapshot } from './snapshot.ts';
export { traceWithin } from './under-way.ts';
