import { config } from '#lib/core/config.ts';
import { once } from '#lib/core/registry.ts';
import { createDetected } from './detected.ts';
import { createEmbedded } from './embedded/source.ts';
import { endpointOf } from './http.ts';
import { measured } from './measured.ts';
import type { TraceSource } from './port.ts';

export type { Attributes, AttributeValue } from '#lib/adapters/otlp/attributes.ts';
export { TraceSourceError, type TraceSourceErrorKind } from './errors.ts';
export { normaliseSpanId, normaliseTraceId } from './ids.ts';
export * from './port.ts';

const doors = () => once<{ list: TraceSource[] | null }>('traces.doors', () => ({ list: null }));

/** Every configured source of traces, what the receiver keeps first; none where no setting names one. */
export function traceSources(): TraceSource[] {
  const state = doors();
  state.list ??= configured().map(measured);
  return state.list;
}

/** Replaces the configured sources; for tests. `null` goes back to the configuration. */
export function setTraceSources(list: TraceSource[] | null): void {
  doors().list = list;
}

function configured(): TraceSource[] {
  const { OTLP_URL, TRACES_URL, TRACES_TOKEN, TRACES_TENANT, TRACES_TIMEOUT_SECONDS } = config();
  const options = { token: TRACES_TOKEN, tenant: TRACES_TENANT, timeoutMs: TRACES_TIMEOUT_SECONDS * 1_000 };
  const backends = TRACES_URL.map(({ name, url }) => {
    const id = name === 'embedded' ? 'embedded-2' : name;
    const endpoint = endpointOf(id, url, options);
    return createDetected(endpoint, { name, url: endpoint.url });
  });
  return [...(OTLP_URL ? [createEmbedded()] : []), ...backends];
}
