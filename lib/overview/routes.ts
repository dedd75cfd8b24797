import { sha256 } from '#lib/core/hash.ts';
import { defineRoute } from '#lib/http/index.ts';
import { environmentOf, environmentQuery, permitEnvironment } from '#lib/telemetry/index.ts';
import { overview } from './schemas.ts';
import { seeOverview } from './see-overview.ts';
import { serialised } from './serialised.ts';
import * as verbs from './verbs.ts';

export const routes = [
  defineRoute({
    method: 'get',
    path: '/overview',
    verb: verbs.seeOverview,
    tag: 'Services',
    summary: 'Everything that the overview shows: services, what changed, freshness of the sources',
    query: environmentQuery,
    response: overview,
    permit: ({ ctx, query }) => permitEnvironment(ctx, query.env),
    handle: async ({ ctx, query, request }) => {
      const { services, ...rest } = await seeOverview({ ctx, environment: environmentOf(query.env) });
      // The services are the bulk and the same for everybody; what changed and what it may show is each viewer's own.
      const own = JSON.stringify(rest);
      const shared = services ? serialised(services) : { json: 'null', hash: 'none' };
      const etag = `W/"${shared.hash}-${sha256(own).slice(0, 16)}"`;
      const headers = {
        'content-type': 'application/json; charset=utf-8',
        'cache-control': 'private, no-cache',
        'x-request-id': ctx.requestId,
        etag,
      };
      if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers });
      return new Response(`{"services":${shared.json},${own.slice(1)}`, { headers });
    },
  }),
];
