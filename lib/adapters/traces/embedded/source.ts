import { normaliseSpanId, normaliseTraceId } from '../ids.ts';
import type { CallOptions, TraceSource } from '../port.ts';
import { readKeys, readOperations, readServices, readValues } from './facets.ts';
import { read } from './pool.ts';
import { searchStore } from './search.ts';
import { findSpans, readAttributes, readSpans, readTrace } from './trace.ts';

const id = 'embedded';
/** What a question other than a search may take, in milliseconds. */
const questionMs = 5_000;

/** What the receiver keeps in Postgres, in the schema `telemetry`. */
export function createEmbedded(): TraceSource {
  const limits = ({ signal }: CallOptions = {}) => ({ timeoutMs: questionMs, signal });
  return {
    source: { id, name: 'Quarterdeck', kind: 'embedded', url: null },
    capabilities: async () => ({
      queryLanguage: null,
      serviceRequired: false,
      negation: true,
      notes: [
        'Without a service, traces are found by their root: its operation and duration, and whether any of their spans failed or has the attributes.',
      ],
    }),
    search: (search, options) => searchStore(id, search, options),
    async trace(traceId, options) {
      const wanted = normaliseTraceId(traceId);
      return wanted === null ? null : readTrace(id, wanted, limits(options));
    },
    async spans(traceId, spanIds, options) {
      const wanted = normaliseTraceId(traceId);
      const ids = spanIds.map(normaliseSpanId).filter((one) => one !== null);
      return wanted !== null && ids.length > 0 ? readSpans(id, wanted, ids, limits(options)) : [];
    },
    async find(traceId, text, options) {
      const wanted = normaliseTraceId(traceId);
      return wanted !== null && text ? findSpans(id, wanted, text, limits(options)) : [];
    },
    async attributesOf(traceIds, options) {
      const wanted = traceIds.map(normaliseTraceId).filter((one) => one !== null);
      return wanted.length > 0 ? readAttributes(id, wanted, limits(options)) : [];
    },
    services: (range, options) => readServices(id, range, limits(options)),
    operations: (range, options) => readOperations(id, range, limits(options)),
    attributeKeys: (range, options) => readKeys(id, range, limits(options)),
    attributeValues: (range, options) => readValues(id, range, limits(options)),
    async version(options) {
      const [row] = await read<{ version: string }>(
        id,
        "SELECT split_part(current_setting('server_version'), ' ', 1) AS version",
        [],
        limits(options),
      );
      return row?.version ?? null;
    },
  };
}
