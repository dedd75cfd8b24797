import type { Context } from '#lib/core/context.ts';
import { AppError } from '#lib/core/errors.ts';
import { sha256 } from '#lib/core/hash.ts';
import { canonicalJsonOf } from './canonical-json.ts';
import type { SpanDetail, TraceSnapshot } from './schemas.ts';
import { detailsOf } from './see-spans.ts';
import { flawsOf, readTrace } from './see-trace.ts';

const mostSpans = 20_000;
const spansAtOnce = 1_000;
const format = 'quarterdeck.trace/1' as const;

/**
 * A whole trace with the details of its spans, as it is kept beside an incident: the same spans give the same digest,
 * whenever and in whatever order they were read. `traces.too_large` above 20,000 spans.
 */
export async function takeSnapshot(ctx: Context, traceId: string): Promise<TraceSnapshot> {
  const read = await readTrace(ctx, traceId);
  const { source, columns } = read;
  const ids = [...new Set(columns.spans.id)];
  if (ids.length > mostSpans) {
    const spans = ids.length.toLocaleString('en');
    throw new AppError(
      'traces.too_large',
      `It has ${spans} spans; at most ${mostSpans.toLocaleString('en')} are kept.`,
    );
  }
  const spans: SpanDetail[] = [];
  for (let from = 0; from < ids.length; from += spansAtOnce) {
    spans.push(...(await detailsOf(source, traceId, ids.slice(from, from + spansAtOnce), ctx.signal)));
  }
  const sorted = inOneOrder(spans);
  return {
    format,
    traceId,
    source: { id: source.source.id, kind: source.source.kind },
    takenAt: ctx.clock.now().toISOString(),
    startNs: String(columns.startNs),
    durationNs: columns.durationNs,
    flaws: flawsOf(read),
    spans: sorted,
    sha256: snapshotDigest(traceId, sorted),
  };
}

/** By start, id and, for spans that share both, what they hold. */
function inOneOrder(spans: readonly SpanDetail[]): SpanDetail[] {
  const keyed = spans.map((span) => ({ span, start: BigInt(span.startNs), text: canonicalJsonOf(span) }));
  keyed.sort((a, b) => {
    if (a.start !== b.start) return a.start < b.start ? -1 : 1;
    if (a.span.spanId !== b.span.spanId) return a.span.spanId < b.span.spanId ? -1 : 1;
    return a.text < b.text ? -1 : a.text > b.text ? 1 : 0;
  });
  return keyed.map(({ span }) => span);
}

/** SHA-256 of the canonical JSON (RFC 8785) of `{format, spans, traceId}`, hexadecimal. */
export function snapshotDigest(traceId: string, spans: readonly SpanDetail[]): string {
  return sha256(canonicalJsonOf({ format, traceId, spans }));
}
