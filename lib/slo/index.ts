export { explainBurn } from './explain-burn.ts';
export { jobs } from './jobs.ts';
export { budgetLeftByService, countStates, listSlos, sloRows } from './list-slos.ts';
export { type PolicyInForce, policyInForce, recordPolicyCrossing } from './policy-in-force.ts';
export { routes } from './routes.ts';
export { seeSlo } from './see-slo.ts';
