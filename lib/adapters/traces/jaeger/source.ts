import { TraceSourceError } from '../errors.ts';
import { type Endpoint, sourceError } from '../http.ts';
import type { CallOptions, FoundTrace, TraceSearch, TraceSearchAnswer, TraceSource } from '../port.ts';
import { namesOf } from '../semconv.ts';
import { untilAborted } from '../waiting.ts';
import { TraceCache } from '../whole/cache.ts';
import { merge, piecesOf, wholeDoors } from '../whole/doors.ts';
import { foundOf } from '../whole/match.ts';
import type { WholeTrace } from '../whole/whole.ts';
import { type Abilities, detectJaeger } from './abilities.ts';
import { keysOf, valuesOf } from './attributes.ts';
import { legacyParameters, operationsLegacy, searchLegacy, servicesLegacy, traceLegacy } from './legacy.ts';
import { operationsV3, searchParameters, searchV3, servicesV3, summariesV3, traceV3 } from './v3.ts';

const abilitiesTtlMs = 10 * 60_000;
/** Some stores refuse more; whole traces are fetched, so more would not be answered in time either. */
const deepest = 1_500;
const mostVariants = 4;
const lookThrough = 500;

type Tags = Record<string, string>;

interface Piece {
  found: FoundTrace[];
  /** There may be more. */
  full: boolean;
  notes: string[];
}

/** A Jaeger behind its query port. Makes no call until it is asked something. */
export function createJaeger(endpoint: Endpoint, { name, url }: { name: string; url: string }): TraceSource {
  const cache = new TraceCache();
  let known: { abilities: Promise<Abilities>; atMs: number } | null = null;

  /** Detected once, and again after a failure: it may have been replaced by another version. */
  const abilities = (options?: CallOptions): Promise<Abilities> => {
    if (!known || Date.now() - known.atMs >= abilitiesTtlMs) {
      const detecting = { abilities: detectJaeger(endpoint), atMs: Date.now() };
      known = detecting;
      detecting.abilities.catch(() => {
        if (known === detecting) known = null;
      });
    }
    return untilAborted(endpoint.sourceId, options?.signal, known.abilities);
  };
  const withAbilities = async <T>(work: (able: Abilities) => Promise<T>, options?: CallOptions): Promise<T> => {
    const able = await abilities(options);
    try {
      return await work(able);
    } catch (error) {
      if (error instanceof TraceSourceError && error.kind !== 'bad_query') known = null;
      throw error;
    }
  };
  const doors = wholeDoors({
    sourceId: endpoint.sourceId,
    cache,
    timeoutMs: endpoint.timeoutMs,
    fetch: (traceId) => withAbilities(({ api }) => (api === 'legacy' ? traceLegacy : traceV3)(endpoint, traceId)),
  });

  /** Traces of which a span has all of some tags, and whether there may be more. */
  async function searchTagged(able: Abilities, search: TraceSearch, tags: Tags, depth: number, options?: CallOptions) {
    if (able.api === 'camel') {
      const found = await summariesV3(endpoint, search, searchParameters(search, tags, depth), options);
      return { found: found.filter((trace) => summaryFits(trace, search)), full: found.length >= depth };
    }
    // Below 2.19 attributes are not part of v3, and would be ignored without a word.
    const legacy = able.api === 'legacy' || Object.keys(tags).length > 0;
    const traces = legacy
      ? await searchLegacy(endpoint, legacyParameters(search, tags, depth), options)
      : await searchV3(endpoint, searchParameters(search, {}, depth), options);
    for (const trace of traces) cache.keep(trace);
    return { found: traces.flatMap((trace) => foundOf(trace, search) ?? []), full: traces.length >= depth };
  }

  async function searchPiece(able: Abilities, search: TraceSearch, options?: CallOptions): Promise<Piece> {
    const variants = tagVariants(search);
    const run = async (tags: Tags, depth: number): Promise<Piece> => {
      const answers = [];
      for (const variant of variants)
        answers.push(await searchTagged(able, search, { ...variant, ...tags }, depth, options));
      return { found: answers.flatMap(({ found }) => found), full: answers.some(({ full }) => full), notes: [] };
    };
    const depth = Math.min(deepest, search.limit + 1);
    if (search.status === 'ok') return run({}, Math.min(deepest, 2 * depth));
    if (search.status === undefined) return run({}, depth);
    const tagged = await run({ error: 'true' }, depth);
    if (tagged.found.length > 0) return tagged;
    // Some stores of Jaeger 2 do not take the status of a span for this tag.
    const looked = await run({}, Math.max(depth, lookThrough));
    const notes = looked.full
      ? [`Jaeger finds no failed spans by itself: ${lookThrough} traces were looked through.`]
      : [];
    return { ...looked, notes };
  }

  async function search(wanted: TraceSearch, options?: CallOptions): Promise<TraceSearchAnswer> {
    refuse(endpoint, wanted);
    return withAbilities(async (able) => {
      const answers: Piece[] = [];
      for (const piece of piecesOf(wanted)) answers.push(await searchPiece(able, piece, options));
      const found = answers.flatMap((answer) => answer.found);
      const traces = merge(found, wanted);
      const truncated =
        answers.some(({ full }) => full) || new Set(found.map(({ traceId }) => traceId)).size > traces.length;
      const notes = new Set(answers.flatMap((answer) => answer.notes));
      if (truncated) notes.add('Jaeger chooses which traces it answers when more fit than were asked for.');
      if (able.api === 'camel') {
        notes.add('Times and durations are those of whole traces; traces of every environment are listed.');
      }
      return { traces, truncated, notes: [...notes], sampling: null };
    }, options);
  }

  return {
    source: { id: endpoint.sourceId, name, kind: 'jaeger', url },
    ...doors,
    search,
    capabilities: async () => ({
      queryLanguage: null,
      serviceRequired: true,
      negation: false,
      notes: ['Jaeger searches within one service, and by attributes that equal a value.'],
    }),
    services: (_range, options) =>
      withAbilities(async ({ api }) => {
        const names = await (api === 'legacy' ? servicesLegacy : servicesV3)(endpoint, options);
        return [...new Set(names)].sort();
      }, options),
    operations: ({ service }, options) =>
      withAbilities(async ({ api }) => {
        const names = await (api === 'legacy' ? operationsLegacy : operationsV3)(endpoint, service, options);
        return [...new Set(names)].sort();
      }, options),
    attributeKeys: async (range, options) => keysOf(await recent(range, options)),
    attributeValues: async (range, options) => valuesOf(await recent(range, options), range),
    version: async (options) => {
      known = null;
      return (await abilities(options)).version;
    },
  };

  /** Jaeger lists no attributes: what occurs in the newest traces of a service stands for all. */
  async function recent(
    range: { environment: string; fromMs: number; toMs: number; service?: string },
    options?: CallOptions,
  ): Promise<WholeTrace[]> {
    const { service } = range;
    if (service === undefined) return [];
    const { environment, fromMs, toMs } = range;
    const wanted: TraceSearch = { environment, fromMs, toMs, service, attributes: [], limit: 20, order: 'newest' };
    return withAbilities(
      ({ api }) =>
        api === 'legacy'
          ? searchLegacy(endpoint, legacyParameters(wanted, {}, wanted.limit), options)
          : searchV3(endpoint, searchParameters(wanted, {}, wanted.limit), options),
      options,
    );
  }
}

function refuse(endpoint: Endpoint, { query, service, attributes }: TraceSearch): void {
  const say = (detail: string) => sourceError(endpoint, 'bad_query', detail);
  if (query !== undefined) throw say('Jaeger speaks no query language. Search by fields instead.');
  if (service === undefined) throw say('Jaeger searches only within one service. Name a service.');
  if (attributes.some(({ operator }) => operator !== '=')) {
    throw say('Jaeger finds attributes only by the value that they equal.');
  }
}

/** Tags are joined by "and", so each name that a key has had takes a search of its own. */
function tagVariants({ attributes }: TraceSearch): Tags[] {
  let variants: Tags[] = [{}];
  for (const { key, value = '' } of attributes) {
    variants = variants.flatMap((tags) => namesOf(key).map((name) => ({ ...tags, [name]: value })));
  }
  return variants.slice(0, mostVariants);
}

function summaryFits({ startNs, errorCount, match }: FoundTrace, { toMs, status }: TraceSearch): boolean {
  if (startNs >= BigInt(Math.round(toMs)) * 1_000_000n) return false;
  return status === 'error' ? match.status === 'error' : status === 'ok' ? errorCount === 0 : true;
}
