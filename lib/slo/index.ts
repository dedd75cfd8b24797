export { jobs } from './jobs.ts';
export { type PolicyInForce, policyInForce, recordPolicyCrossing } from './policy-in-force.ts';
export { routes } from './routes.ts';
