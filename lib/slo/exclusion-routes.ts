import * as z from 'zod';
import { defineRoute } from '#lib/http/index.ts';
import { environmentQuery } from '#lib/telemetry/index.ts';
import { decideExclusion, withdrawExclusion } from './decide-exclusion.ts';
import { addressOf, sloParams, tag } from './definition-params.ts';
import { listExclusions } from './list-exclusions.ts';
import { proposeExclusion } from './propose-exclusion.ts';
import { exclusion, exclusionDecision, exclusionInput, exclusionList } from './schemas.ts';
import * as verbs from './verbs.ts';

const path = '/slos/{slo}/exclusions';
const params = sloParams.extend({ id: z.uuid('must be an id') });

const decision = (verb: 'approve' | 'reject') =>
  defineRoute({
    method: 'post',
    path: `${path}/{id}/${verb}`,
    verb: verbs.decideExclusion,
    tag,
    summary: verb === 'approve' ? 'Let a stretch of time not count' : 'Let a stretch of time count after all',
    description:
      'By a person who neither proposed it nor wrote what the SLO says now. Alerts, guards and policies go on reading the raw figures.',
    params,
    query: environmentQuery,
    body: exclusionDecision,
    example: { version: 1, note: 'Announced in the channel of the team.' },
    response: exclusion,
    handle: ({ ctx, params: { slo, id }, query: { env }, body }) =>
      decideExclusion({
        ctx,
        address: addressOf(slo, env),
        id,
        input: body,
        decision: verb === 'approve' ? 'approved' : 'rejected',
      }),
  });

export const exclusionRoutes = [
  defineRoute({
    method: 'get',
    path,
    verb: verbs.listExclusions,
    tag,
    summary: 'Time that does not count for an SLO, and what somebody proposed',
    description: 'Figures are of all five-minute buckets that it touches; budgets are of the window of now.',
    params: sloParams,
    query: environmentQuery,
    response: exclusionList,
    handle: ({ ctx, params: { slo }, query: { env } }) => listExclusions({ ctx, address: addressOf(slo, env) }),
  }),
  defineRoute({
    method: 'post',
    path,
    verb: verbs.proposeExclusion,
    tag,
    summary: 'Propose that a stretch of time should not count',
    description:
      'Maintenance must have been announced before it began. At most 31 days; it may not overlap an approved one.',
    params: sloParams,
    query: environmentQuery,
    body: exclusionInput,
    example: {
      kind: 'maintenance',
      from: '2026-11-21T02:00:00Z',
      to: '2026-11-21T03:00:00Z',
      reason: 'Move of the database',
      announcedAt: '2026-11-14T09:00:00Z',
      announcement: 'https://status.example.com/42',
    },
    response: exclusion,
    status: 201,
    handle: ({ ctx, params: { slo }, query: { env }, body }) =>
      proposeExclusion({ ctx, address: addressOf(slo, env), input: body }),
  }),
  decision('approve'),
  decision('reject'),
  defineRoute({
    method: 'post',
    path: `${path}/{id}/withdraw`,
    verb: verbs.withdrawExclusion,
    tag,
    summary: 'Take an exclusion back',
    description: 'A proposed one by who proposed it or a commander; an approved one by a commander, with a note.',
    params,
    query: environmentQuery,
    body: exclusionDecision,
    example: { version: 2, note: 'The maintenance was called off.' },
    response: exclusion,
    handle: ({ ctx, params: { slo, id }, query: { env }, body }) =>
      withdrawExclusion({ ctx, address: addressOf(slo, env), id, input: body }),
  }),
];
