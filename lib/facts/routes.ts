import * as z from 'zod';
import { defineRoute } from '#lib/http/index.ts';
import { listAudit } from './list-audit.ts';
import { listFacts } from './list-facts.ts';
import { requireEveryService } from './perform.ts';
import { recordChange } from './record-change.ts';
import { auditPage, auditQuery, changeInput, factPage, factQuery } from './schemas.ts';
import * as verbs from './verbs.ts';

const changeExample = {
  id: 'build-4711',
  kind: 'deploy',
  services: ['payment'],
  version: '4.2.0',
  by: 'dana@example.com',
  url: 'https://ci.example.com/builds/4711',
};
const changeAnswer = z.object({
  id: z.uuid().describe('Of the fact, also where it was recorded before.'),
  recorded: z.boolean().describe('Whether this request recorded it.'),
});

export const routes = [
  defineRoute({
    method: 'get',
    path: '/facts',
    verb: verbs.listFacts,
    tag: 'Facts',
    summary: 'What happened: deploys, config changes, scaling, alerts, faults, incidents',
    description: 'One query for every kind; newest first. Facts that overlap `from` to `to` are included.',
    query: factQuery,
    response: factPage,
    handle: listFacts,
  }),
  defineRoute({
    method: 'get',
    path: '/changes',
    verb: verbs.listFacts,
    tag: 'Facts',
    summary: 'What changed: deploys, config changes and scaling',
    query: factQuery.omit({ kind: true }),
    response: factPage,
    handle: ({ ctx, query }) => listFacts({ ctx, query: { ...query, kind: ['deploy', 'config', 'scaling'] } }),
  }),
  defineRoute({
    method: 'get',
    path: '/services/{service}/changes',
    verb: verbs.listFacts,
    tag: 'Facts',
    summary: 'What changed at one service',
    params: z.object({ service: z.string() }),
    query: factQuery.omit({ kind: true, service: true }),
    response: factPage,
    handle: ({ ctx, params, query }) =>
      listFacts({ ctx, query: { ...query, service: params.service, kind: ['deploy', 'config', 'scaling'] } }),
  }),
  defineRoute({
    method: 'post',
    path: '/changes',
    verb: verbs.recordChange,
    tag: 'Facts',
    summary: 'Record a deploy or a config change',
    description: 'The same as `POST /api/hooks/changes`, for people and tokens. Idempotent by `id`.',
    body: changeInput,
    example: changeExample,
    response: changeAnswer,
    status: 201,
    handle: ({ ctx, body }) => recordChange({ ctx, input: body }),
  }),
  defineRoute({
    method: 'get',
    path: '/audit',
    verb: verbs.listAudit,
    tag: 'Audit',
    summary: 'Who did what, and who was refused',
    description: 'For tokens that reach every service: a record may be about any.',
    query: auditQuery,
    response: auditPage,
    permit: ({ ctx }) => requireEveryService(ctx),
    handle: listAudit,
  }),
];
