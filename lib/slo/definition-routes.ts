import * as z from 'zod';
import { defineRoute, type RouteDefinition } from '#lib/http/index.ts';
import { environmentOf, environmentQuery } from '#lib/telemetry/index.ts';
import { archiveSlo } from './archive-slo.ts';
import { createSlo } from './create-slo.ts';
import { openSloExample } from './definition-example.ts';
import { addressOf, sloParams, tag } from './definition-params.ts';
import { exclusionRoutes } from './exclusion-routes.ts';
import { exportSlo, exportSlos } from './export-slos.ts';
import { importSlos } from './import-slos.ts';
import { listRevisions } from './list-revisions.ts';
import { policyRoutes } from './policy-routes.ts';
import {
  sloArchiveInput,
  sloCreateInput,
  sloImportAnswer,
  sloImportInput,
  sloRevisionList,
  sloSaved,
  sloUpdateInput,
} from './schemas.ts';
import { updateSlo } from './update-slo.ts';
import * as verbs from './verbs.ts';

const normalised = z
  .stringbool({ truthy: ['1', 'true'], falsy: ['0', 'false'], error: 'must be 1 or 0' })
  .default(false)
  .describe('Written anew in our own form, instead of as it was written.');
const openSloFile = z.string().describe('OpenSLO v1 YAML.');
const inEnvironment = 'Of documents that name no environment, `env` is meant. ';

/** Definitions: create, change, import, export, revisions; exclusions and policies. */
export const definitionRoutes: RouteDefinition[] = [
  defineRoute({
    method: 'post',
    path: '/slos',
    verb: verbs.createSlo,
    tag,
    summary: 'Create an SLO from OpenSLO',
    description: `${inEnvironment}An archived one of the same name comes back as its next revision. \`errors\` name the line of every problem.`,
    query: environmentQuery,
    body: sloCreateInput,
    example: { source: openSloExample, note: 'Agreed in the review of October.' },
    response: sloSaved,
    status: 201,
    handle: ({ ctx, query: { env }, body }) => createSlo({ ctx, environment: environmentOf(env), input: body }),
  }),
  defineRoute({
    method: 'post',
    path: '/slos/import',
    verb: verbs.importSlos,
    tag,
    summary: 'Create and change SLOs from any number of OpenSLO documents',
    description: `${inEnvironment}What is right is kept, all of it or none; what is not is refused with its line and the reason. With \`dryRun\` nothing is kept.`,
    query: environmentQuery,
    body: sloImportInput,
    example: { source: openSloExample, dryRun: true },
    response: sloImportAnswer,
    handle: ({ ctx, query: { env }, body }) => importSlos({ ctx, environment: environmentOf(env), input: body }),
  }),
  defineRoute({
    method: 'get',
    path: '/slos/openslo',
    verb: verbs.seeSlo,
    tag,
    summary: 'All SLOs of an environment as one OpenSLO file',
    description: '`application/yaml` of several documents, each in our own form.',
    query: environmentQuery,
    response: openSloFile,
    responseType: 'application/yaml',
    handle: ({ ctx, query: { env } }) => exportSlos({ ctx, environment: environmentOf(env) }),
  }),
  defineRoute({
    method: 'get',
    path: '/slos/{slo}/openslo',
    verb: verbs.seeSlo,
    tag,
    summary: 'One SLO as OpenSLO',
    description: '`application/yaml`, as it was written.',
    params: sloParams,
    query: environmentQuery.extend({ normalised }),
    response: openSloFile,
    responseType: 'application/yaml',
    handle: ({ ctx, params: { slo }, query: { env, normalised } }) =>
      exportSlo({ ctx, address: addressOf(slo, env), normalised }),
  }),
  defineRoute({
    method: 'get',
    path: '/slos/{slo}/revisions',
    verb: verbs.seeSlo,
    tag,
    summary: 'What an SLO said before: who changed what, when',
    params: sloParams,
    query: environmentQuery,
    response: sloRevisionList,
    handle: ({ ctx, params: { slo }, query: { env } }) => listRevisions({ ctx, address: addressOf(slo, env) }),
  }),
  defineRoute({
    method: 'put',
    path: '/slos/{slo}',
    verb: verbs.updateSlo,
    tag,
    summary: 'Change an SLO',
    description:
      'Send the `version` that you saw: 409 says who was faster and what they changed. Name and environment stay.',
    params: sloParams,
    query: environmentQuery,
    body: sloUpdateInput,
    example: { source: openSloExample, version: 1, note: 'Payment got better.' },
    response: sloSaved,
    handle: ({ ctx, params: { slo }, query: { env }, body }) =>
      updateSlo({ ctx, address: addressOf(slo, env), input: body }),
  }),
  defineRoute({
    method: 'delete',
    path: '/slos/{slo}',
    verb: verbs.archiveSlo,
    tag,
    summary: 'Take an SLO out of use',
    description: 'Its revisions and its ledger stay; creating one of its name brings it back.',
    params: sloParams,
    query: environmentQuery,
    body: sloArchiveInput,
    example: { version: 2, note: 'The service is gone.' },
    response: sloSaved,
    handle: ({ ctx, params: { slo }, query: { env }, body }) =>
      archiveSlo({ ctx, address: addressOf(slo, env), input: body }),
  }),
  ...exclusionRoutes,
  ...policyRoutes,
];
