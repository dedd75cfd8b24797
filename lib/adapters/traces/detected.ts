import { TraceSourceError } from './errors.ts';
import { type Endpoint, get, hostOf, sourceError } from './http.ts';
import { detectJaeger } from './jaeger/abilities.ts';
import { createJaeger } from './jaeger/source.ts';
import type { CallOptions, TraceSource } from './port.ts';
import { createTempo } from './tempo/source.ts';
import { untilAborted } from './waiting.ts';

/** Which backend answers at an address. Rejects where none does, or one that is neither. */
export async function detectKind(endpoint: Endpoint, options?: CallOptions): Promise<'jaeger' | 'tempo'> {
  if (await isTempo(endpoint, options)) return 'tempo';
  try {
    await detectJaeger(endpoint, options);
    return 'jaeger';
  } catch (error) {
    if (!(error instanceof TraceSourceError) || error.kind !== 'garbled') throw error;
    const detail = `${hostOf(endpoint)} answers neither as Jaeger nor as Tempo. Check the port and the path.`;
    throw sourceError(endpoint, 'garbled', detail, error);
  }
}

/** Proxies may hide either of the two addresses that only Tempo has. */
async function isTempo(endpoint: Endpoint, options?: CallOptions): Promise<boolean> {
  const echo = await get(endpoint, '/api/echo', null, options);
  if (echo.status === 200 && echo.body.subarray(0, 20).toString('utf8').trim() === 'echo') return true;
  const build = await get(endpoint, '/api/status/buildinfo', null, options);
  return build.status === 200 && /^\s*\{[^<]*"version"/.test(build.body.subarray(0, 2_000).toString('utf8'));
}

/** A backend that is recognised when it is first asked something, and again until that succeeds. */
export function createDetected(endpoint: Endpoint, shown: { name: string; url: string }): TraceSource {
  const { sourceId: id } = endpoint;
  let kind: 'jaeger' | 'tempo' = /tempo|:3200\b/i.test(`${shown.name} ${shown.url}`) ? 'tempo' : 'jaeger';
  let found: Promise<TraceSource> | null = null;
  const inner = (options?: CallOptions): Promise<TraceSource> => {
    if (found) return untilAborted(id, options?.signal, found);
    const detecting = detectKind(endpoint).then((seen) => {
      kind = seen;
      return (seen === 'tempo' ? createTempo : createJaeger)(endpoint, shown);
    });
    found = detecting;
    detecting.catch(() => {
      if (found === detecting) found = null;
    });
    return untilAborted(id, options?.signal, detecting);
  };
  return {
    /** The kind is a guess until the backend was recognised. */
    get source() {
      return { id, ...shown, kind };
    },
    capabilities: async (options) => (await inner(options)).capabilities(options),
    search: async (search, options) => (await inner(options)).search(search, options),
    trace: async (traceId, options) => (await inner(options)).trace(traceId, options),
    spans: async (traceId, spanIds, options) => (await inner(options)).spans(traceId, spanIds, options),
    find: async (traceId, text, options) => (await inner(options)).find(traceId, text, options),
    attributesOf: async (traceIds, options) => (await inner(options)).attributesOf(traceIds, options),
    services: async (range, options) => (await inner(options)).services(range, options),
    operations: async (range, options) => (await inner(options)).operations(range, options),
    attributeKeys: async (range, options) => (await inner(options)).attributeKeys(range, options),
    attributeValues: async (range, options) => (await inner(options)).attributeValues(range, options),
    version: async (options) => (await inner(options)).version(options),
  };
}
