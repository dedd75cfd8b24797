import { metrics } from '#lib/core/metrics.ts';
import { TraceSourceError } from './errors.ts';
import type { TraceSource } from './port.ts';

/** The same source, with every question to it counted for `/metrics`. */
export function measured(inner: TraceSource): TraceSource {
  const { id } = inner.source;
  const count = async <T>(kind: string, answer: Promise<T>): Promise<T> => {
    const startedAt = performance.now();
    const observe = (outcome: string) =>
      metrics().upstream.observe({ source: id, kind, outcome }, (performance.now() - startedAt) / 1_000);
    try {
      const found = await answer;
      observe('ok');
      return found;
    } catch (error) {
      observe(error instanceof TraceSourceError ? error.kind : 'error');
      throw error;
    }
  };
  return {
    get source() {
      return inner.source;
    },
    capabilities: (options) => count('capabilities', inner.capabilities(options)),
    search: (search, options) => count('search', inner.search(search, options)),
    trace: (traceId, options) => count('trace', inner.trace(traceId, options)),
    spans: (traceId, spanIds, options) => count('spans', inner.spans(traceId, spanIds, options)),
    find: (traceId, text, options) => count('find', inner.find(traceId, text, options)),
    attributesOf: (traceIds, options) => count('attributes_of', inner.attributesOf(traceIds, options)),
    services: (range, options) => count('services', inner.services(range, options)),
    operations: (range, options) => count('operations', inner.operations(range, options)),
    attributeKeys: (range, options) => count('attribute_keys', inner.attributeKeys(range, options)),
    attributeValues: (range, options) => count('attribute_values', inner.attributeValues(range, options)),
    version: (options) => count('version', inner.version(options)),
  };
}
