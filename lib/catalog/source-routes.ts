import * as z from 'zod';
import { defineRoute } from '#lib/http/index.ts';
import { listSources } from './list-sources.ts';
import { sourceList, sourceTest } from './source-schemas.ts';
import * as verbs from './source-verbs.ts';
import { testSource } from './test-source.ts';

export const sourceRoutes = [
  defineRoute({
    method: 'get',
    path: '/sources',
    verb: verbs.listSources,
    tag: 'Catalog',
    summary: 'Every source: version, latency, last success, last error in words',
    response: sourceList,
    handle: listSources,
  }),
  defineRoute({
    method: 'post',
    path: '/sources/{id}/test',
    verb: verbs.testSource,
    tag: 'Catalog',
    summary: 'Test a source now',
    description: 'Answers 200 with `ok: false` and the reason in words when the source does not answer.',
    params: z.object({ id: z.string() }),
    response: sourceTest,
    handle: ({ ctx, params }) => testSource({ ctx, input: params }),
  }),
];
