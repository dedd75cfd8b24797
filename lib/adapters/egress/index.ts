export { EgressError, type EgressReason } from './errors.ts';
export { type EgressAnswer, type EgressRequest, fetchOut, type Resolver } from './fetch-out.ts';
export { type EgressPolicy, egressPolicy } from './policy.ts';
