import * as z from 'zod';
import { config } from '#lib/core/config.ts';
import { TraceSourceError } from '../errors.ts';
import { type Endpoint, get, jsonOf, sourceError, statusError } from '../http.ts';
import type { CallOptions, FoundTrace, Range, TraceSearch, TraceSearchAnswer, TraceSource } from '../port.ts';
import { environmentKeys } from '../semconv.ts';
import { TraceCache } from '../whole/cache.ts';
import { merge, piecesOf, wholeDoors } from '../whole/doors.ts';
import { type FoundSpans, searchTempo, tagsTempo, tagValuesTempo, traceTempo } from './answers.ts';
import { found } from './found.ts';
import { attribute, quote, traceql } from './traceql.ts';

const hourMs = 3_600_000;
/** Tempo refuses longer ranges unless it is configured otherwise. */
const longestMs = 168 * hourMs;
/** A trace is looked for this much before and after the time where it is thought to be. */
const aroundMs = 3 * hourMs;
const spansPerTrace = 20;
const mostValues = 100;

/** A Tempo behind its HTTP API. Makes no call until it is asked something. */
export function createTempo(endpoint: Endpoint, { name, url }: { name: string; url: string }): TraceSource {
  /** What this version was seen not to know. */
  const able = { mostRecent: true, v2: true };

  async function fetchTrace(traceId: string, near: number | undefined) {
    const ranges =
      near === undefined ? [null] : [rangeParameters({ fromMs: near - aroundMs, toMs: near + aroundMs }), null];
    for (const range of ranges) {
      const trace = await fetchOnce(traceId, range);
      if (trace) return trace;
    }
    return null;
  }

  /** Below 2.7 there is no v2: it answers 404 there, and 200 with nothing in it where only the trace is missing. */
  async function fetchOnce(traceId: string, range: URLSearchParams | null) {
    if (able.v2) {
      const { trace, exists } = await traceTempo(endpoint, traceId, range, true);
      if (exists) return trace;
    }
    const { trace } = await traceTempo(endpoint, traceId, range, false);
    if (trace) able.v2 = false;
    return trace;
  }

  async function ask(search: TraceSearch, inEnvironment: boolean, entriesOnly: boolean, options?: CallOptions) {
    const run = (mostRecent: boolean) => {
      const q = traceql(search, { inEnvironment, entriesOnly, mostRecent });
      const parameters = rangeParameters(search);
      parameters.set('q', q);
      parameters.set('limit', String(search.limit + 1));
      parameters.set('spss', String(spansPerTrace));
      return searchTempo(endpoint, parameters, options);
    };
    if (!able.mostRecent) return run(false);
    try {
      return await run(true);
    } catch (error) {
      if (!(error instanceof TraceSourceError) || error.kind !== 'bad_query') throw error;
      const answer = await run(false);
      able.mostRecent = false;
      return answer;
    }
  }

  /**
   * Traces that name no environment belong to the default one, and services without spans that take requests are
   * found by any span; TraceQL cannot say either, so each is asked for when the narrower question finds nothing.
   */
  async function searchPiece(
    search: TraceSearch,
    options?: CallOptions,
  ): Promise<{ found: FoundTrace[]; full: boolean }> {
    const environments = search.environment === config().QD_DEFAULT_ENVIRONMENT ? [true, false] : [true];
    const narrow = search.service !== undefined && search.operation === undefined && search.attributes.length === 0;
    for (const entriesOnly of narrow && search.query === undefined ? [true, false] : [false]) {
      for (const inEnvironment of environments) {
        const traces: FoundSpans[] = await ask(search, inEnvironment, entriesOnly, options);
        const fitting = traces.flatMap((trace) => found(trace, search) ?? []);
        if (fitting.length > 0) return { found: fitting, full: traces.length > search.limit };
      }
    }
    return { found: [], full: false };
  }

  async function search(wanted: TraceSearch, options?: CallOptions): Promise<TraceSearchAnswer> {
    const notes: string[] = [];
    const fromMs = Math.max(wanted.fromMs, wanted.toMs - longestMs);
    if (fromMs > wanted.fromMs) notes.push('Tempo searches a week at most: only the last seven days were looked at.');
    const answers = await Promise.all(piecesOf({ ...wanted, fromMs }).map((piece) => searchPiece(piece, options)));
    const all = answers.flatMap((answer) => answer.found);
    const traces = merge(all, wanted);
    const more = answers.some(({ full }) => full) || new Set(all.map(({ traceId }) => traceId)).size > traces.length;
    if (more && !able.mostRecent) {
      notes.push(
        'This Tempo answers the first traces that it finds rather than the newest: the same search may answer others.',
      );
    }
    return { traces, truncated: more || fromMs > wanted.fromMs, notes, sampling: null };
  }

  /**
   * Values of a tag among spans of an environment, and of all spans where none names the default one. Here Tempo
   * understands nothing but comparisons joined by "and", and answers everything to the rest.
   */
  async function values(tag: string, range: Range & { service?: string }, options?: CallOptions): Promise<string[]> {
    const { environment, fromMs, toMs, service } = range;
    const inService = service === undefined ? [] : [`resource.service.name = ${quote(service)}`];
    const questions = environmentKeys.map((key) => [
      ...inService,
      `${attribute('resource', key)} = ${quote(environment)}`,
    ]);
    if (environment === config().QD_DEFAULT_ENVIRONMENT) questions.push(inService);
    for (const conditions of questions) {
      const parameters = rangeParameters({ fromMs: Math.max(fromMs, toMs - longestMs), toMs });
      if (conditions.length > 0) parameters.set('q', `{ ${conditions.join(' && ')} }`);
      const found = await tagValuesTempo(endpoint, tag, parameters, options);
      if (found.length > 0) return found;
    }
    return [];
  }

  return {
    source: { id: endpoint.sourceId, name, kind: 'tempo', url },
    ...wholeDoors({
      sourceId: endpoint.sourceId,
      cache: new TraceCache(),
      timeoutMs: endpoint.timeoutMs,
      fetch: fetchTrace,
    }),
    search,
    capabilities: async () => ({
      queryLanguage: 'traceql',
      serviceRequired: false,
      negation: true,
      notes: [
        'Without a service, traces are found by their root: its operation and duration, and whether any of their spans failed or has the attributes.',
      ],
    }),
    services: (range, options) => values('resource.service.name', range, options),
    operations: (range, options) => values('name', range, options),
    /** Of every service: with a query Tempo leaves out keys that do occur. */
    async attributeKeys({ fromMs, toMs }, options) {
      const parameters = rangeParameters({ fromMs: Math.max(fromMs, toMs - longestMs), toMs });
      const tags = await tagsTempo(endpoint, parameters, options);
      return (['span', 'resource'] as const).flatMap((scope) =>
        tags
          .filter((tag) => tag.scope === scope)
          .map(({ key }) => ({ scope, key, indexed: true }))
          .sort((a, b) => (a.key < b.key ? -1 : 1)),
      );
    },
    async attributeValues({ scope, key, prefix = '', ...range }, options) {
      const start = prefix.toLowerCase();
      const all = await values(attribute(scope, key), range, options);
      return all.filter((value) => value.toLowerCase().startsWith(start)).slice(0, mostValues);
    },
    version: (options) => readTempoVersion(endpoint, options),
  };
}

/** Whole seconds, both or neither; the range is widened to them. */
function rangeParameters({ fromMs, toMs }: { fromMs: number; toMs: number }): URLSearchParams {
  const start = Math.max(1, Math.floor(fromMs / 1_000));
  return new URLSearchParams({ start: String(start), end: String(Math.max(start + 1, Math.ceil(toMs / 1_000))) });
}

const build = z.object({ version: z.string() });

export async function readTempoVersion(endpoint: Endpoint, options?: CallOptions): Promise<string | null> {
  const answer = await get(endpoint, '/api/status/buildinfo', null, options);
  if (answer.status !== 200) throw statusError(endpoint, answer);
  const parsed = build.safeParse(jsonOf(endpoint, answer));
  if (!parsed.success) throw sourceError(endpoint, 'garbled', 'The answer is JSON, but not as Tempo writes it.');
  return parsed.data.version.replace(/^v/, '') || null;
}
