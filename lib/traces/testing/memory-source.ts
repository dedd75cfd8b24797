import { TraceSourceError } from '#lib/adapters/traces/errors.ts';
import type {
  AttributeFilter,
  FoundTrace,
  SpanDetail,
  TraceCapabilities,
  TraceSearch,
  TraceSource,
  TraceSourceKind,
} from '#lib/adapters/traces/port.ts';

export type TestSpan = Pick<SpanDetail, 'traceId' | 'spanId'> & Partial<SpanDetail>;

let made = 0;
const hex = (digits: number) => (++made).toString(16).padStart(digits, '0');
export const newTraceId = () => hex(32);
export const newSpanId = () => hex(16);

/** A span with everything that is not given filled in. */
export function spanOf(span: Partial<SpanDetail> & { traceId: string }): SpanDetail {
  return {
    spanId: newSpanId(),
    parentSpanId: null,
    service: 'order',
    name: 'GET /orders',
    kind: 'server',
    status: 'unset',
    startNs: 1_700_000_000_000_000_000n,
    durationNs: 10_000_000n,
    statusMessage: null,
    traceState: null,
    scope: { name: null, version: null },
    attributes: {},
    resource: { 'service.name': span.service ?? 'order' },
    events: [],
    links: [],
    dropped: { attributes: 0, events: 0, links: 0 },
    warnings: [],
    ...span,
  };
}

interface Options {
  id?: string;
  name?: string;
  kind?: TraceSourceKind;
  capabilities?: Partial<TraceCapabilities>;
  /** Every call rejects with it. */
  failsWith?: ConstructorParameters<typeof TraceSourceError>[1];
  /** Every call takes so long. */
  delayMs?: number;
  /** Says that its traces are cut short. */
  partial?: boolean;
}

const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

function holds({ scope, key, operator, value }: AttributeFilter, span: SpanDetail): boolean {
  const looked = [...(scope === 'resource' ? [] : [span.attributes]), ...(scope === 'span' ? [] : [span.resource])];
  const values = looked.flatMap((attributes) => (key in attributes ? [text(attributes[key])] : []));
  if (operator === 'exists') return values.length > 0;
  return operator === '=' ? values.includes(value ?? '') : !values.includes(value ?? '');
}

/** A source that holds its spans in memory, for the rules of this room; real sources have their own suite. */
export function memorySource(spans: readonly SpanDetail[], options: Options = {}): TraceSource {
  const { id = 'memory', name = 'Memory', kind = 'embedded' } = options;
  const byTrace = Map.groupBy(spans, ({ traceId }) => traceId);
  const call = async (signal?: AbortSignal) => {
    if (options.delayMs) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, options.delayMs);
        signal?.addEventListener('abort', () => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
    if (options.failsWith) throw new TraceSourceError(id, options.failsWith, `it is ${options.failsWith} today`);
  };
  const matches = (wanted: TraceSearch, span: SpanDetail) => {
    const startMs = Number(span.startNs / 1_000_000n);
    const durationMs = Number(span.durationNs) / 1e6;
    return (
      startMs >= wanted.fromMs &&
      startMs < wanted.toMs &&
      (wanted.service === undefined ? span.parentSpanId === null : span.service === wanted.service) &&
      (wanted.operation === undefined || span.name === wanted.operation) &&
      (wanted.status === undefined || (wanted.status === 'error') === (span.status === 'error')) &&
      (wanted.minDurationMs === undefined || durationMs >= wanted.minDurationMs) &&
      (wanted.maxDurationMs === undefined || durationMs <= wanted.maxDurationMs) &&
      wanted.attributes.every((filter) => holds(filter, span))
    );
  };
  const foundOf = (traceId: string, match: SpanDetail): FoundTrace => {
    const all = byTrace.get(traceId) ?? [];
    const starts = all.map(({ startNs }) => startNs).sort((a, b) => (a < b ? -1 : 1));
    const ends = all.map(({ startNs, durationNs }) => startNs + durationNs).sort((a, b) => (a < b ? 1 : -1));
    const [start = 0n, end = 0n] = [starts[0], ends[0]];
    const root = all.find(({ parentSpanId }) => parentSpanId === null);
    return {
      traceId,
      startNs: start,
      durationNs: end - start,
      root: root ? { service: root.service, name: root.name } : null,
      match,
      spanCount: all.length,
      errorCount: all.filter(({ status }) => status === 'error').length,
      services: [...new Set(all.map(({ service }) => service))].map((service) => ({
        name: service,
        spanCount: all.filter((span) => span.service === service).length,
        errorCount: all.filter((span) => span.service === service && span.status === 'error').length,
      })),
      sampledRatio: null,
    };
  };
  return {
    source: { id, name, kind, url: null },
    async capabilities({ signal } = {}) {
      await call(signal);
      return { queryLanguage: null, serviceRequired: false, negation: true, notes: [], ...options.capabilities };
    },
    async search(wanted, { signal } = {}) {
      await call(signal);
      const found = [...byTrace].flatMap(([traceId, all]) => {
        const match = all.find((span) => matches(wanted, span));
        return match ? [foundOf(traceId, match)] : [];
      });
      found.sort((a, b) => (a.match.startNs < b.match.startNs ? 1 : a.match.startNs > b.match.startNs ? -1 : 0));
      return {
        traces: found.slice(0, wanted.limit),
        truncated: found.length > wanted.limit,
        notes: [],
        sampling: null,
      };
    },
    async trace(traceId, { signal } = {}) {
      await call(signal);
      const all = byTrace.get(traceId);
      if (!all) return null;
      const rows = all.map((span) => ({ ...span, events: span.events.length, links: span.links.length }));
      return { traceId, spans: rows, partial: options.partial ?? false, sampledRatio: null, warnings: [] };
    },
    async spans(traceId, spanIds, { signal } = {}) {
      await call(signal);
      const byId = new Map((byTrace.get(traceId) ?? []).map((span) => [span.spanId, span]));
      return spanIds.flatMap((spanId) => byId.get(spanId) ?? []);
    },
    async find(traceId, wanted, { signal } = {}) {
      await call(signal);
      const lower = wanted.toLowerCase();
      return (byTrace.get(traceId) ?? []).flatMap(({ spanId, name: named, service, attributes }) =>
        JSON.stringify([named, service, attributes]).toLowerCase().includes(lower) ? [spanId] : [],
      );
    },
    async attributesOf(traceIds, { signal } = {}) {
      await call(signal);
      return traceIds.flatMap((traceId) => {
        const all = byTrace.get(traceId);
        return all ? [{ traceId, spans: all }] : [];
      });
    },
    async services(_, { signal } = {}) {
      await call(signal);
      return [...new Set(spans.map(({ service }) => service))].sort();
    },
    async operations({ service }, { signal } = {}) {
      await call(signal);
      return [...new Set(spans.filter((span) => span.service === service).map((span) => span.name))].sort();
    },
    async attributeKeys(_, { signal } = {}) {
      await call(signal);
      const keys = new Set(spans.flatMap(({ attributes }) => Object.keys(attributes)));
      return [...keys].map((key) => ({ scope: 'span' as const, key, indexed: false }));
    },
    async attributeValues({ key, prefix = '' }, { signal } = {}) {
      await call(signal);
      const values = spans.flatMap(({ attributes }) => (key in attributes ? [text(attributes[key])] : []));
      return [...new Set(values)].filter((value) => value.startsWith(prefix)).sort();
    },
    async version({ signal } = {}) {
      await call(signal);
      return null;
    },
  };
}
