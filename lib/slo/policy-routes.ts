import * as z from 'zod';
import { defineRoute } from '#lib/http/index.ts';
import { changePolicy } from './change-policy.ts';
import { tag } from './definition-params.ts';
import { listPolicies, seePolicy } from './list-policies.ts';
import { policy, policyInput, policyList, sloName } from './schemas.ts';
import * as verbs from './verbs.ts';

const params = z.object({ name: sloName });

const steps = [
  { from: 0.25, name: 'free', message: 'Every operation within its own bounds.', effect: 'none', tell: [] },
  { from: 0, name: 'careful', message: 'Only reliability work is deployed.', effect: 'warn', tell: ['owner'] },
  { from: null, name: 'frozen', message: 'No deploys but fixes.', effect: 'block', tell: ['owner', 'commanders'] },
];

export const policyRoutes = [
  defineRoute({
    method: 'get',
    path: '/policies',
    verb: verbs.listPolicies,
    tag,
    summary: 'Budget policies: what follows from so much budget left',
    response: policyList,
    handle: listPolicies,
  }),
  defineRoute({
    method: 'get',
    path: '/policies/{name}',
    verb: verbs.listPolicies,
    tag,
    summary: 'One budget policy',
    params,
    response: policy,
    handle: ({ ctx, params: { name } }) => seePolicy({ ctx, name }),
  }),
  defineRoute({
    method: 'put',
    path: '/policies/{name}',
    verb: verbs.changePolicy,
    tag,
    summary: 'Change a budget policy, or make one',
    description:
      'Steps go from the fullest budget down: each holds while more than `from` is left, the step before the last from 0, the last (`null`) once nothing is left. Send the `version` that you saw, 0 for a new one.',
    params,
    body: policyInput,
    example: { title: 'Strict', steps, version: 0 },
    response: policy,
    handle: ({ ctx, params: { name }, body }) => changePolicy({ ctx, name, input: body }),
  }),
];
