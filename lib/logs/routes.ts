import type { Context } from '#lib/core/context.ts';
import { requireActor } from '#lib/core/context.ts';
import { defineRoute } from '#lib/http/index.ts';
import { permitEnvironment } from '#lib/telemetry/index.ts';
import * as params from './params.ts';
import * as schemas from './schemas.ts';
import { searchLogs } from './search-logs.ts';
import { seeHistogram } from './see-histogram.ts';
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
];
