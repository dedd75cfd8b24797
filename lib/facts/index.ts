export { appendFact } from './append-fact.ts';
export { appendFacts } from './append-facts.ts';
export { type Verified, verifyAuditChain } from './audit-chain.ts';
export { jobs } from './jobs.ts';
export { listFacts } from './list-facts.ts';
export {
  auditNobody,
  auditRefusal,
  authorize,
  perform,
  refusalOf,
  refuse,
  requireEveryService,
  requireScope,
  type Work,
  weighScope,
} from './perform.ts';
export { recordChange } from './record-change.ts';
export { routes } from './routes.ts';
export { insertAudit as appendAudit, type NewFact } from './store.ts';
export { audiencesOf, maySee, visibleTo } from './visibility.ts';
