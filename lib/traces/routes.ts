import { defineRoute } from '#lib/http/index.ts';
import { instantMs } from '#lib/telemetry/index.ts';
import { analyzeTraces } from './analyze.ts';
import { seeComparison, seeStatistics } from './compare.ts';
import { seeFacets, seeValues } from './facets.ts';
import * as params from './params.ts';
import * as schemas from './schemas.ts';
import { permitAnalysis, permitSearch } from './scope.ts';
import { searchTraces } from './search.ts';
import { findSpans, seeSpans } from './see-spans.ts';
import { seeSuspects } from './see-suspects.ts';
import { takeSnapshot } from './snapshot.ts';
import { joinTrace } from './under-way.ts';
import * as verbs from './verbs.ts';

/** Serialised answers are shared for so long. */
const sharedForMs = 1_000;
const facetsSharedForMs = 10_000;
const analysisSharedForMs = 5_000;
const wholeTrace = 'A trace is read as a whole: a token must reach every service in it.';

export const routes = [
  defineRoute({
    method: 'get',
    path: '/traces',
    verb: verbs.searchTraces,
    tag: 'Traces',
    summary: 'Traces that have a span for which all of this holds, newest first',
    description:
      'Without `service` the span is the root of its trace. `sources` says how each source took it, `notes` what was not looked at, `sampling` how much of what arrived was kept. A token that reaches some services is told of those alone.',
    query: params.searchQuery,
    response: schemas.traceList,
    sharedForMs,
    permit: ({ ctx, query }) => permitSearch(ctx, query),
    handle: ({ ctx, query }) => searchTraces(ctx, query),
  }),
  defineRoute({
    method: 'get',
    path: '/traces/facets',
    verb: verbs.searchTraces,
    tag: 'Traces',
    summary: 'Services, operations and attributes that a search can name',
    query: params.facetsQuery,
    response: schemas.traceFacets,
    sharedForMs: facetsSharedForMs,
    permit: ({ ctx, query }) => permitSearch(ctx, query),
    handle: ({ ctx, query }) => seeFacets(ctx, query),
  }),
  defineRoute({
    method: 'get',
    path: '/traces/values',
    verb: verbs.searchTraces,
    tag: 'Traces',
    summary: 'Values of one attribute',
    query: params.valuesQuery,
    response: schemas.attributeValues,
    sharedForMs: facetsSharedForMs,
    permit: ({ ctx, query }) => permitSearch(ctx, query),
    handle: ({ ctx, query }) => seeValues(ctx, query),
  }),
  defineRoute({
    method: 'get',
    path: '/traces/analyze',
    verb: verbs.analyzeTraces,
    tag: 'Traces',
    summary: 'What differs between some traces of a search and the rest of it',
    description:
      'Attributes by how much the shares of their values differ, over at most 1,000 traces on each side. For tokens that reach every service: traces cross them.',
    query: params.analysisQuery,
    response: schemas.analysis,
    sharedForMs: analysisSharedForMs,
    permit: ({ ctx, query }) => permitAnalysis(ctx, query),
    handle: ({ ctx, query }) => analyzeTraces(ctx, query),
  }),
  defineRoute({
    method: 'get',
    path: '/traces/compare',
    verb: verbs.seeTrace,
    tag: 'Traces',
    summary: 'Two traces held against each other by path',
    description: wholeTrace,
    query: params.compareQuery,
    response: schemas.traceComparison,
    handle: ({ ctx, query: { a, b } }) => seeComparison(ctx, a, b),
  }),
  defineRoute({
    method: 'get',
    path: '/traces/{traceId}',
    verb: verbs.seeTrace,
    tag: 'Traces',
    summary: 'One trace, a column for each thing',
    description: `Value number \`i\` of every column belongs to span number \`i\`; times are nanoseconds since \`startNs\`. ${wholeTrace}`,
    params: params.traceParams,
    query: params.traceQuery,
    response: schemas.trace,
    handle: ({ ctx, params: { traceId }, query: { at } }) =>
      joinTrace(ctx, traceId, at && instantMs(at, ctx.clock.now().getTime())),
  }),
  defineRoute({
    method: 'get',
    path: '/traces/{traceId}/spans',
    verb: verbs.seeTrace,
    tag: 'Traces',
    summary: 'Attributes, events and links of some spans',
    description: wholeTrace,
    params: params.traceParams,
    query: params.spansQuery,
    response: schemas.spanDetails,
    handle: ({ ctx, params: { traceId }, query: { id } }) => seeSpans(ctx, traceId, id),
  }),
  defineRoute({
    method: 'get',
    path: '/traces/{traceId}/find',
    verb: verbs.seeTrace,
    tag: 'Traces',
    summary: 'Spans of a trace that contain a text',
    description: `In name, service, status message, attributes or events, whatever the case. ${wholeTrace}`,
    params: params.traceParams,
    query: params.findQuery,
    response: schemas.spanMatches,
    handle: ({ ctx, params: { traceId }, query: { text } }) => findSpans(ctx, traceId, text),
  }),
  defineRoute({
    method: 'get',
    path: '/traces/{traceId}/statistics',
    verb: verbs.seeTrace,
    tag: 'Traces',
    summary: 'Count, errors, time and self time by service and operation; the critical path',
    description: wholeTrace,
    params: params.traceParams,
    response: schemas.traceStatistics,
    handle: ({ ctx, params: { traceId } }) => seeStatistics(ctx, traceId),
  }),
  defineRoute({
    method: 'get',
    path: '/traces/{traceId}/snapshot',
    verb: verbs.seeTrace,
    tag: 'Traces',
    summary: 'The whole trace in one order, with its digest',
    description: `\`sha256\` is over the canonical JSON (RFC 8785) of \`{format, spans, traceId}\`. ${wholeTrace}`,
    params: params.traceParams,
    response: schemas.traceSnapshot,
    handle: ({ ctx, params: { traceId } }) => takeSnapshot(ctx, traceId),
  }),
  defineRoute({
    method: 'get',
    path: '/services/{service}/suspects',
    verb: verbs.analyzeTraces,
    tag: 'Traces',
    summary: 'What explains the failing requests of a service',
    description:
      'Versions, replicas, routes, dependencies, faults and attributes by the share of failing requests that have them less the share of successful ones. For tokens that reach every service: traces cross them.',
    params: params.suspectsParams,
    query: params.range,
    response: schemas.suspectList,
    permit: ({ ctx, query }) => permitAnalysis(ctx, query),
    handle: ({ ctx, params: { service }, query }) => seeSuspects(ctx, service, query),
  }),
];
