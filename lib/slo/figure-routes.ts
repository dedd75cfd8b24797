import { requireActor } from '#lib/core/context.ts';
import { requireScope } from '#lib/facts/index.ts';
import { defineRoute, type RouteDefinition } from '#lib/http/index.ts';
import { environmentOf, environmentParam, environmentQuery, timePoint } from '#lib/telemetry/index.ts';
import { addressOf, sloParams, tag } from './definition-params.ts';
import { listSlos } from './list-slos.ts';
import { sloDetail, sloHistory, sloList, sloListQuery } from './schemas.ts';
import { seeHistory } from './see-history.ts';
import { seeSlo } from './see-slo.ts';
import * as verbs from './verbs.ts';

const listQuery = sloListQuery.extend({ env: environmentParam.optional().describe('The default one where absent.') });

const historyQuery = environmentQuery.extend({
  from: timePoint.optional().describe('`now-7d`, RFC 3339 or milliseconds; with neither, the window of the SLO.'),
  to: timePoint.optional().describe('`now` where absent.'),
});

/** Lists, figures and charts of SLOs. */
export const figureRoutes: RouteDefinition[] = [
  defineRoute({
    method: 'get',
    path: '/slos',
    verb: verbs.listSlos,
    tag,
    summary: 'SLOs by time to exhaustion, the worst first',
    description:
      '`figures` are of the ledger, up to ten minutes old; `burnNow` and `firing` of this moment. While the metrics source is away, `liveError` says why and the rest still answers.',
    query: listQuery,
    response: sloList,
    permit: ({ ctx, query }) =>
      requireScope(requireActor(ctx), { environment: environmentOf(query.env), services: [] }),
    handle: ({ ctx, query: { env, ...query } }) => listSlos(ctx, environmentOf(env), query),
  }),
  defineRoute({
    method: 'get',
    path: '/slos/{slo}',
    verb: verbs.seeSlo,
    tag,
    summary: 'One SLO: budget, burn over every alert window, forecast, policy',
    params: sloParams,
    query: environmentQuery,
    response: sloDetail,
    handle: ({ ctx, params: { slo }, query }) => seeSlo(ctx, addressOf(slo, query.env)),
  }),
  defineRoute({
    method: 'get',
    path: '/slos/{slo}/history',
    verb: verbs.seeSlo,
    tag,
    summary: 'SLI, budget left and burn rates of an SLO over time, from its ledger',
    description:
      'Over its own window where neither `from` nor `to` is given: then `budgetLeft` burns down from the beginning of the window, beside `ideal`. Over another range `budgetLeft` is what was left of the window at each instant. Value number `i` stands for the step after `grid.from + i × grid.stepMs`; `null` is what is not known. `burn` is the highest that each window (in ms) reached within a step.',
    params: sloParams,
    query: historyQuery,
    response: sloHistory,
    handle: ({ ctx, params: { slo }, query: { env, ...range } }) => seeHistory(ctx, addressOf(slo, env), range),
  }),
];
