export { sourceStates } from './list-sources.ts';
export { catalog, entryFor, expectedIn, loadCatalog } from './load-catalog.ts';
export { parseCatalog } from './parse-catalog.ts';
export { routes } from './routes.ts';
export type { Catalog, CatalogEntry, CatalogProblem } from './schemas.ts';
export { sourceJobs as jobs } from './source-jobs.ts';
export type { Source, SourceList } from './source-schemas.ts';
