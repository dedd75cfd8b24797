import type { AttributeKey, TraceCapabilities, TraceSource } from '#lib/adapters/traces/port.ts';
import { inScope } from '#lib/core/actor.ts';
import { type Context, requireActor } from '#lib/core/context.ts';
import { environmentOf, resolveRange } from '#lib/telemetry/index.ts';
import type { FacetsQuery, ValuesQuery } from './params.ts';
import type { AttributeValues, TraceFacets } from './schemas.ts';
import { isLimited } from './scope.ts';
import { answerOf, answersOf, askAll, notesOf, Skipped, sourcesFor } from './sources.ts';

interface Facets {
  can: TraceCapabilities;
  services: string[];
  operations: string[];
  keys: AttributeKey[];
}

const sorted = (texts: Iterable<string>) => [...new Set(texts)].sort((a, b) => (a < b ? -1 : 1));

/** What Jaeger and Tempo list is not kept apart by environment and service: a limited token is not told. */
function requireApart(ctx: Context, { source }: TraceSource): void {
  if (!isLimited(ctx) || source.kind === 'embedded') return;
  throw new Skipped('It lists what occurs in all environments and services, and this token reaches only some.');
}

/**
 * What a search can name: services that whoever asks reaches, operations of the chosen one, attributes; from every
 * source that answered.
 */
export async function seeFacets(ctx: Context, query: FacetsQuery): Promise<TraceFacets> {
  const { fromMs, toMs } = resolveRange(query);
  const { service } = query;
  const actor = requireActor(ctx);
  const range = { environment: environmentOf(query.env), fromMs, toMs };
  const outcomes = await askAll(
    sourcesFor(),
    async (source, signal): Promise<Facets> => {
      requireApart(ctx, source);
      const [can, services, operations, keys] = await Promise.all([
        source.capabilities({ signal }),
        source.services(range, { signal }),
        service === undefined ? [] : source.operations({ ...range, service }, { signal }),
        source.attributeKeys(service === undefined ? range : { ...range, service }, { signal }),
      ]);
      return { can, services, operations, keys };
    },
    { signal: ctx.signal },
  );
  const answers = answersOf(outcomes).map(({ value }) => value);
  const keys = new Map<string, AttributeKey>();
  for (const key of answers.flatMap((answer) => answer.keys)) {
    const id = `${key.scope} ${key.key}`;
    keys.set(id, { ...key, indexed: key.indexed || (keys.get(id)?.indexed ?? false) });
  }
  return {
    services: sorted(answers.flatMap(({ services }) => services)).filter((name) =>
      inScope(actor, range.environment, name),
    ),
    operations: sorted(answers.flatMap(({ operations }) => operations)),
    attributes: [...keys.values()].sort((a, b) =>
      a.key === b.key ? (a.scope < b.scope ? 1 : -1) : a.key < b.key ? -1 : 1,
    ),
    queryLanguage: answers.some(({ can }) => can.queryLanguage === 'traceql') ? 'traceql' : null,
    serviceRequired: answers.every(({ can }) => can.serviceRequired),
    notes: [...notesOf(outcomes), ...new Set(answers.flatMap(({ can }) => can.notes))],
    sources: outcomes.map((outcome) => answerOf(outcome)),
  };
}

const mostValues = 200;

/** Values of one attribute that begin with a prefix; those of the first source first, each once. */
export async function seeValues(ctx: Context, query: ValuesQuery): Promise<AttributeValues> {
  const { fromMs, toMs } = resolveRange(query);
  const { service, scope, key, prefix } = query;
  const wanted = {
    environment: environmentOf(query.env),
    fromMs,
    toMs,
    scope,
    key,
    ...(service !== undefined && { service }),
    ...(prefix !== undefined && { prefix }),
  };
  const ask = async (source: TraceSource, signal: AbortSignal) => {
    requireApart(ctx, source);
    return source.attributeValues(wanted, { signal });
  };
  const outcomes = await askAll(sourcesFor(), ask, { signal: ctx.signal });
  const values = new Set(answersOf(outcomes).flatMap(({ value }) => value));
  return { key, values: [...values].slice(0, mostValues) };
}
