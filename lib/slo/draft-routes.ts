import { defineRoute, type RouteDefinition } from '#lib/http/index.ts';
import { environmentOf, environmentQuery, permitEnvironment, serviceParams } from '#lib/telemetry/index.ts';
import { definitionExample, openSloExample } from './definition-example.ts';
import { tag } from './definition-params.ts';
import { listTemplates } from './list-templates.ts';
import { renderSlo } from './render-slo.ts';
import * as schemas from './schemas.ts';
import { validateSlo } from './validate-slo.ts';
import { previewSlo } from './verbs.ts';

const templateQuery = environmentQuery.extend({ service: serviceParams.shape.service });

/** What the editor asks before anything is saved. */
export const draftRoutes: RouteDefinition[] = [
  defineRoute({
    method: 'post',
    path: '/slos/validate',
    verb: previewSlo,
    readsOnly: true,
    tag,
    summary: 'What is wrong with an SLO and what it would mean, without saving it',
    description:
      'Problems come with line and column of the text; `definition` is null while one of them is an error. `found` is null where the metrics source was not asked or does not answer. Of text that names no environment, `env` is meant.',
    query: environmentQuery,
    body: schemas.sloValidateInput,
    example: { source: openSloExample },
    response: schemas.sloValidation,
    handle: ({ ctx, query, body }) => validateSlo({ ctx, environment: environmentOf(query.env), input: body }),
  }),
  defineRoute({
    method: 'post',
    path: '/slos/render',
    verb: previewSlo,
    readsOnly: true,
    tag,
    summary: 'A definition as OpenSLO v1',
    body: schemas.sloRenderInput,
    example: { definition: definitionExample },
    response: schemas.sloRendered,
    handle: ({ ctx, body }) => renderSlo({ ctx, input: body }),
  }),
  defineRoute({
    method: 'get',
    path: '/slos/templates',
    verb: previewSlo,
    tag,
    summary: 'SLOs that would work for a service, measured where a dead service is seen first',
    query: templateQuery,
    response: schemas.sloTemplateList,
    sharedForMs: 10_000,
    permit: ({ ctx, query: { env, service } }) => permitEnvironment(ctx, env, service),
    handle: ({ ctx, query: { env, service } }) => listTemplates({ ctx, environment: environmentOf(env), service }),
  }),
];
