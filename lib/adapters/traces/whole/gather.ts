import type { Span } from '../port.ts';
import type { WholeSpan, WholeTrace } from './whole.ts';

/** What is wrong with a span so that it cannot be shown. */
export type Flaw = 'no_trace_id' | 'no_span_id' | 'parent_id';

const sentences: Record<Flaw, (spans: string) => string> = {
  no_trace_id: (spans) => `${spans} left out: the id of the trace is not 32 hexadecimal digits.`,
  no_span_id: (spans) => `${spans} left out: the id is not 16 hexadecimal digits.`,
  parent_id: (spans) => `The parent of ${spans} is unknown: its id is not 16 hexadecimal digits.`,
};

/** Groups spans by trace, in the order in which traces appear, and counts what cannot be used. */
export class Gathering {
  readonly #traces = new Map<string, { spans: WholeSpan[]; flaws: Map<Flaw, number> }>();
  readonly #lost = new Map<Flaw, number>();

  /** A span of a trace. */
  add(traceId: string, span: WholeSpan): void {
    this.#of(traceId).spans.push(span);
  }

  /** Something wrong with a span; without a trace it is nobody's. */
  flaw(traceId: string | null, flaw: Flaw): void {
    const counts = traceId === null ? this.#lost : this.#of(traceId).flaws;
    counts.set(flaw, (counts.get(flaw) ?? 0) + 1);
  }

  #of(traceId: string) {
    let found = this.#traces.get(traceId);
    if (!found) {
      found = { spans: [], flaws: new Map() };
      this.#traces.set(traceId, found);
    }
    return found;
  }

  /** Sentences on spans that belong to no trace. */
  get lost(): string[] {
    return told(this.#lost);
  }

  /** Every trace with at least one span. `weight`: bytes that all of it takes. */
  build(weight: number): WholeTrace[] {
    const all = [...this.#traces].filter(([, { spans }]) => spans.length > 0);
    const spanCount = all.reduce((sum, [, { spans }]) => sum + spans.length, 0);
    return all.map(([traceId, { spans, flaws }]) => ({
      traceId,
      spans,
      partial: false,
      warnings: told(flaws),
      weight: Math.round((weight * spans.length) / Math.max(1, spanCount)),
    }));
  }
}

function told(counts: ReadonlyMap<Flaw, number>): string[] {
  return [...counts].map(([flaw, count]) => sentences[flaw](count === 1 ? '1 span' : `${count} spans`));
}

/** Duration from two instants; a span whose end was not told has none. Nanoseconds. */
export function durationOf(startNs: bigint, endNs: bigint): bigint {
  return endNs === 0n ? 0n : endNs - startNs;
}

/** What a failing span is by the semantic conventions before OpenTelemetry had a status. */
export function statusOf(code: number, errorTag: unknown): Span['status'] {
  if (code === 2 || errorTag === true || errorTag === 'true') return 'error';
  return code === 1 ? 'ok' : 'unset';
}
