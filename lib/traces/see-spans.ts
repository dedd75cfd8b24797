import type { SpanDetail as Detail, TraceSource } from '#lib/adapters/traces/port.ts';
import type { Context } from '#lib/core/context.ts';
import { sourceOf } from './find-trace.ts';
import type { SpanDetail, SpanDetails, SpanMatches } from './schemas.ts';
import { isLimited } from './scope.ts';
import { readTrace } from './see-trace.ts';
import { answersOf, askAll } from './sources.ts';

/** The source to ask for parts of a trace, once whoever asks may read the whole of it. */
async function permittedSource(ctx: Context, traceId: string): Promise<TraceSource> {
  if (isLimited(ctx)) return (await readTrace(ctx, traceId)).source;
  return sourceOf(traceId, { signal: ctx.signal });
}

/** Asks one source; what it cannot answer is an error of ours. */
async function ask<T>(source: TraceSource, question: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal) {
  const [answer] = answersOf(await askAll([source], (_, within) => question(within), { signal }));
  return (answer as NonNullable<typeof answer>).value;
}

/** Attributes, events and links of some spans, in the order asked for. */
export async function seeSpans(ctx: Context, traceId: string, ids: readonly string[]): Promise<SpanDetails> {
  const source = await permittedSource(ctx, traceId);
  return { traceId, items: await detailsOf(source, traceId, ids, ctx.signal), nextCursor: null };
}

/** Details of spans as they travel. */
export async function detailsOf(
  source: TraceSource,
  traceId: string,
  ids: readonly string[],
  signal?: AbortSignal,
): Promise<SpanDetail[]> {
  const details = await ask(source, (within) => source.spans(traceId, ids, { signal: within }), signal);
  return details.map(detailOf);
}

function detailOf({ traceId: _, ...span }: Detail): SpanDetail {
  return {
    ...span,
    startNs: String(span.startNs),
    durationNs: Number(span.durationNs),
    events: span.events.map(({ timeNs, ...event }) => ({ ...event, timeNs: String(timeNs) })),
  };
}

/** Ids of spans that contain a text in name, service, status message, attributes or events. */
export async function findSpans(ctx: Context, traceId: string, text: string): Promise<SpanMatches> {
  const source = await permittedSource(ctx, traceId);
  const wanted = text.trim();
  const spanIds =
    wanted === '' ? [] : await ask(source, (within) => source.find(traceId, wanted, { signal: within }), ctx.signal);
  return { traceId, text, spanIds };
}
