export { routes } from './routes.ts';
export { snapshotDigest, takeSnapshot } from './snapshot.ts';
