export { routes } from './routes.ts';
export { seeTrace } from './see-trace.ts';
export { snapshotDigest, takeSnapshot } from './snapshot.ts';
