import type * as z from 'zod';
import { environmentOf, resolveRange } from '#lib/telemetry/index.ts';
import type { facetsQuery, valuesQuery } from './params.ts';
import type { LogFacets, LogValues } from './schemas.ts';
import { askAll, chosenSources } from './sources.ts';

const fromSample = 'Attributes are those of the newest lines of the range, not of all of them.';

/** Services with lines, and attributes that lines have, in all sources together. */
export async function seeFacets(
  { env, service, source, ...range }: z.infer<typeof facetsQuery>,
  nowMs: number,
  signal?: AbortSignal,
): Promise<LogFacets> {
  const wanted = { environment: environmentOf(env), service, ...resolveRange(range, nowMs) };
  const asked = await askAll(chosenSources(source), 'log_facets', async (one) => {
    const [services, attributes] = await Promise.all([
      service === undefined ? one.services(wanted, { signal }) : [service],
      one.attributeKeys(wanted, { signal }),
    ]);
    return { services, attributes };
  });
  const answers = asked.flatMap(({ answer }) => answer ?? []);
  const attributes = new Map<string, boolean>();
  for (const { key, indexed } of answers.flatMap((answer) => answer.attributes)) {
    attributes.set(key, indexed || attributes.get(key) === true);
  }
  return {
    services: [...new Set(answers.flatMap((answer) => answer.services))].sort(),
    attributes: [...attributes].map(([key, indexed]) => ({ key, indexed })),
    notes: [fromSample],
    sources: asked.map(({ outcome }) => outcome),
  };
}

/** Values of one attribute in all sources together. */
export async function seeValues(
  { env, service, source, key, prefix, ...range }: z.infer<typeof valuesQuery>,
  nowMs: number,
  signal?: AbortSignal,
): Promise<LogValues> {
  const wanted = { environment: environmentOf(env), service, key, prefix, ...resolveRange(range, nowMs) };
  const asked = await askAll(chosenSources(source), 'log_values', (one) => one.attributeValues(wanted, { signal }));
  return {
    items: [...new Set(asked.flatMap(({ answer }) => answer ?? []))],
    nextCursor: null,
    notes: [fromSample],
    sources: asked.map(({ outcome }) => outcome),
  };
}
