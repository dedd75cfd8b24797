import type { Context } from '#lib/core/context.ts';
import { requireActor } from '#lib/core/context.ts';
import { defineRoute } from '#lib/http/index.ts';
import { environmentOf, permitEnvironment } from '#lib/telemetry/index.ts';
import { downloadLogs } from './download-logs.ts';
import * as params from './params.ts';
import * as schemas from './schemas.ts';
import { searchLogs } from './search-logs.ts';
import { seeContext } from './see-context.ts';
import { seeFacets, seeValues } from './see-facets.ts';
import { seeHistogram } from './see-histogram.ts';
import { tailLogs } from './tail-logs.ts';
import * as verbs from './verbs.ts';

const tag = 'Logs';

/** A token that reaches only some services must name them, each one that it may see. */
function permitServices(ctx: Context, env: string | undefined, services: readonly string[] = []): void {
  requireActor(ctx);
  if (services.length === 0) permitEnvironment(ctx, env);
  for (const service of services) permitEnvironment(ctx, env, service);
}

export const routes = [
  defineRoute({
    method: 'get',
    path: '/logs',
    verb: verbs.searchLogs,
    tag,
    summary: 'Lines of every source, newest first',
    description:
      'Goes on with `nextCursor`, which keeps the range of the first page. `notes` say what was not looked at; a page may be empty and still have a `nextCursor` when the time for one search ran out.',
    query: params.listQuery,
    response: schemas.logList,
    permit: ({ ctx, query }) => permitServices(ctx, query.env, query.service),
    handle: ({ ctx, query }) =>
      searchLogs(
        {
          query: params.logQueryOf(query, ctx.clock.now().getTime()),
          order: query.order,
          limit: query.limit,
          cursor: query.cursor,
          source: query.source,
        },
        ctx.signal,
      ),
  }),
  defineRoute({
    method: 'get',
    path: '/logs/histogram',
    verb: verbs.searchLogs,
    tag,
    summary: 'How many lines over time, by level',
    description: 'Bucket `i` begins at `from + i × stepMs`; the range is widened to whole buckets of a round length.',
    query: params.histogramQuery,
    response: schemas.logHistogram,
    permit: ({ ctx, query }) => permitServices(ctx, query.env, query.service),
    handle: ({ ctx, query }) =>
      seeHistogram(params.logQueryOf(query, ctx.clock.now().getTime()), query.buckets, query.source, ctx.signal),
  }),
  defineRoute({
    method: 'get',
    path: '/logs/context',
    verb: verbs.searchLogs,
    tag,
    summary: 'The lines before and after one, of the same service and instance',
    query: params.contextQuery,
    response: schemas.logContext,
    permit: ({ ctx, query: { env, service } }) => permitEnvironment(ctx, env, service),
    handle: ({ ctx, query: { env, ...place } }) =>
      seeContext({ ...place, timeNs: BigInt(place.timeNs), environment: environmentOf(env) }, ctx.signal),
  }),
  defineRoute({
    method: 'get',
    path: '/logs/facets',
    verb: verbs.searchLogs,
    tag,
    summary: 'Services and attributes that a search can name',
    query: params.facetsQuery,
    response: schemas.logFacets,
    permit: ({ ctx, query: { env, service } }) => permitEnvironment(ctx, env, service),
    handle: ({ ctx, query }) => seeFacets(query, ctx.clock.now().getTime(), ctx.signal),
  }),
  defineRoute({
    method: 'get',
    path: '/logs/values',
    verb: verbs.searchLogs,
    tag,
    summary: 'Values of one attribute, the most frequent first',
    query: params.valuesQuery,
    response: schemas.logValues,
    permit: ({ ctx, query: { env, service } }) => permitEnvironment(ctx, env, service),
    handle: ({ ctx, query }) => seeValues(query, ctx.clock.now().getTime(), ctx.signal),
  }),
  defineRoute({
    method: 'get',
    path: '/logs/tail',
    verb: verbs.tailLogs,
    tag,
    summary: 'Lines as they arrive, as server-sent events',
    description:
      'Events: `lines` (`{items}`, oldest first), `dropped` (`{count}`), `source` (one that fails or answers again), `ping`. The stream ends after some minutes; connect again with `Last-Event-ID`.',
    query: params.tailQuery,
    response: schemas.logStream,
    permit: ({ ctx, query }) => permitServices(ctx, query.env, query.service),
    handle: async ({ ctx, query, request }) => tailLogs(query, ctx.clock.now().getTime(), request),
  }),
  defineRoute({
    method: 'get',
    path: '/logs/download',
    verb: verbs.downloadLogs,
    tag,
    summary: 'Lines as a file, newest first',
    description: 'Text, NDJSON or CSV; 50,000 lines at most. The last line says when some were left out.',
    query: params.downloadQuery,
    response: schemas.logFile,
    permit: ({ ctx, query }) => permitServices(ctx, query.env, query.service),
    handle: ({ ctx, query, request }) =>
      downloadLogs(
        { query: params.logQueryOf(query, ctx.clock.now().getTime()), source: query.source, format: query.format },
        request,
      ),
  }),
];
