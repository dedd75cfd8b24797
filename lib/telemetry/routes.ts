import type * as z from 'zod';
import { inScope } from '#lib/core/actor.ts';
import { config } from '#lib/core/config.ts';
import { type Context, requireActor } from '#lib/core/context.ts';
import { AppError } from '#lib/core/errors.ts';
import { requireScope } from '#lib/facts/index.ts';
import { defineRoute } from '#lib/http/index.ts';
import { exploreInstant, exploreLabels, exploreMetadata, exploreRange } from './explore.ts';
import { listEnvironments } from './list-environments.ts';
import { listServices } from './list-services.ts';
import * as mapSchemas from './map-schemas.ts';
import * as params from './params.ts';
import * as schemas from './schemas.ts';
import { seeBusiness } from './see-business.ts';
import { seeExemplars } from './see-exemplars.ts';
import { seeMap } from './see-map.ts';
import { seeHeatmap, seeRed } from './see-red.ts';
import { seeReplicas } from './see-replicas.ts';
import { seeRoutes } from './see-routes.ts';
import { seeSaturation } from './see-saturation.ts';
import { seeService } from './see-service.ts';
import * as verbs from './verbs.ts';

/** Serialised answers are shared for so long; the queries behind them for the scrape interval or the step. */
const sharedForMs = 2_000;

export const environmentOf = (given: string | undefined) => given ?? config().QD_DEFAULT_ENVIRONMENT;

/** Refuses a token that does not reach the environment or the service; without one, all services of it. */
export function permitEnvironment(ctx: Context, environment: string | undefined, service?: string): void {
  const actor = requireActor(ctx);
  requireScope(actor, { environment: environmentOf(environment), services: service === undefined ? [] : [service] });
  if (service !== undefined || !('scope' in actor) || actor.scope.services === 'all') return;
  const some = actor.scope.services.join(', ');
  throw new AppError('auth.scope_too_narrow', `This token reaches only ${some}: ask for one by name.`);
}

interface Panel {
  name: string;
  summary: string;
  description?: string;
  response: z.ZodType;
  see: (environment: string, service: string, range: params.Range, signal?: AbortSignal) => Promise<unknown>;
}

const panel = ({ name, summary, description, response, see }: Panel) =>
  defineRoute({
    method: 'get',
    path: `/services/{service}/${name}`,
    verb: verbs.seeService,
    tag: 'Services',
    summary,
    description,
    params: params.serviceParams,
    query: params.rangeQuery,
    response,
    sharedForMs,
    permit: ({ ctx, params: { service }, query: { env } }) => permitEnvironment(ctx, env, service),
    handle: ({ ctx, params: { service }, query: { env, ...range } }) =>
      see(environmentOf(env), service, params.resolveRange(range), ctx.signal),
  });

const onGrid = 'Value number `i` of every series stands at `grid.from + i × grid.stepMs`; `null` is a gap.';

export const routes = [
  defineRoute({
    method: 'get',
    path: '/environments',
    verb: verbs.listEnvironments,
    tag: 'Services',
    summary: 'Environments that the sources know',
    response: schemas.environmentList,
    handle: async ({ ctx }) => {
      const actor = requireActor(ctx);
      const { items, ...rest } = await listEnvironments(ctx.signal);
      return { ...rest, items: items.filter(({ name }) => inScope(actor, name)) };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/services',
    verb: verbs.listServices,
    tag: 'Services',
    summary: 'Every service with rate, errors, duration and replicas, the worst first',
    description:
      '`red.rate` is in requests per second, `red.errorRatio` from 0 to 1, durations in milliseconds. `lastWeek` is the same time last week, or null when there is no history yet.',
    query: params.environmentQuery,
    response: schemas.serviceList,
    sharedForMs,
    permit: ({ ctx, query }) => permitEnvironment(ctx, query.env),
    handle: ({ ctx, query }) => listServices(environmentOf(query.env), ctx.signal),
  }),
  defineRoute({
    method: 'get',
    path: '/services/{service}',
    verb: verbs.seeService,
    tag: 'Services',
    summary: 'One service with its figures of now',
    params: params.serviceParams,
    query: params.environmentQuery,
    response: schemas.serviceDetail,
    sharedForMs,
    permit: ({ ctx, params: { service }, query }) => permitEnvironment(ctx, query.env, service),
    handle: ({ ctx, params: { service }, query }) => seeService(environmentOf(query.env), service, ctx.signal),
  }),
  panel({
    name: 'red',
    summary: 'Rate, errors by status and durations over a range',
    description: onGrid,
    response: schemas.redRange,
    see: seeRed,
  }),
  panel({
    name: 'heatmap',
    summary: 'The histogram of durations over a range',
    description: '`columns[i][b]` is what fell into bucket `b` at instant `i`, in requests per second.',
    response: schemas.heatmap,
    see: seeHeatmap,
  }),
  panel({
    name: 'routes',
    summary: 'Rate, errors and duration by route',
    response: schemas.routeTable,
    see: seeRoutes,
  }),
  panel({
    name: 'replicas',
    summary: 'Replicas with state, version, restarts, CPU, memory and event loop',
    response: schemas.replicaTable,
    see: seeReplicas,
  }),
  panel({
    name: 'saturation',
    summary: 'How full CPU, memory, event loop and queues are',
    description: onGrid,
    response: schemas.saturation,
    see: seeSaturation,
  }),
  panel({
    name: 'business',
    summary: 'What the service counts beside requests',
    description: `Counters per second, histograms as their mean, gauges as they are. ${onGrid}`,
    response: schemas.business,
    see: seeBusiness,
  }),
  panel({
    name: 'exemplars',
    summary: 'Traces that stand for points of the duration chart',
    response: schemas.exemplarList,
    see: seeExemplars,
  }),
  defineRoute({
    method: 'get',
    path: '/map',
    verb: verbs.seeMap,
    tag: 'Services',
    summary: 'Who calls whom, with rate, errors and durations of each call',
    description:
      'From the service graph of traces. Who calls whom is of the whole range (its last six hours at most), figures are of its last minutes, `windowMs`: `rate` in requests per second, `errorRatio` from 0 to 1, durations in milliseconds.',
    query: params.mapQuery,
    response: mapSchemas.serviceMap,
    sharedForMs,
    permit: ({ ctx, query }) => permitEnvironment(ctx, query.env),
    handle: ({ ctx, query: { env, ...range } }) => {
      const actor = requireActor(ctx);
      return seeMap(environmentOf(env), params.resolveRange(range), ctx.signal, (other) => inScope(actor, other));
    },
  }),
  defineRoute({
    method: 'get',
    path: '/explore/query',
    verb: verbs.explore,
    tag: 'Explore',
    summary: 'PromQL at one instant',
    description: 'At most 2,000 series; `omittedSeries` says how many more there were.',
    query: params.exploreInstantQuery,
    response: schemas.exploreInstant,
    permit: ({ ctx }) => permitEverything(ctx),
    handle: ({ ctx, query }) => exploreInstant(query, ctx.signal),
  }),
  defineRoute({
    method: 'get',
    path: '/explore/query_range',
    verb: verbs.explore,
    tag: 'Explore',
    summary: 'PromQL over a range',
    description: `The step is \`step\`, or follows from \`width\`. ${onGrid}`,
    query: params.exploreRangeQuery,
    response: schemas.exploreRange,
    permit: ({ ctx }) => permitEverything(ctx),
    handle: ({ ctx, query }) => exploreRange(query, ctx.signal),
  }),
  defineRoute({
    method: 'get',
    path: '/explore/labels',
    verb: verbs.explore,
    tag: 'Explore',
    summary: 'Label names, or the values of one label',
    query: params.labelsQuery,
    response: schemas.labelList,
    permit: ({ ctx }) => permitEverything(ctx),
    handle: ({ ctx, query }) => exploreLabels(query, ctx.signal),
  }),
  defineRoute({
    method: 'get',
    path: '/explore/metadata',
    verb: verbs.explore,
    tag: 'Explore',
    summary: 'Metric names with type and help',
    query: params.metadataQuery,
    response: schemas.metricList,
    permit: ({ ctx }) => permitEverything(ctx),
    handle: ({ ctx, query }) => exploreMetadata(query, ctx.signal),
  }),
];

/** PromQL reaches everything that the source holds, so a token must as well. */
function permitEverything(ctx: Context): void {
  const actor = requireActor(ctx);
  if (!('scope' in actor)) return;
  const { environments, services } = actor.scope;
  if (environments === 'all' && services === 'all') return;
  throw new AppError('auth.scope_too_narrow', 'PromQL reads every environment and service; this token does not.');
}
