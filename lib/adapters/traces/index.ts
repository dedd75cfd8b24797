import { config } from '#lib/core/config.ts';
import { once } from '#lib/core/registry.ts';
import { createEmbedded } from './embedded/source.ts';
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
  const { OTLP_URL } = config();
  return OTLP_URL ? [createEmbedded()] : [];
}
