import { type Context, requireActor } from '#lib/core/context.ts';
import { once } from '#lib/core/registry.ts';
import type { Trace } from './schemas.ts';
import { seeTrace } from './see-trace.ts';

const keptMs = 5_000;
const longestMs = 30_000;

const underWay = () => once('traces.under-way', () => new Map<string, Promise<Trace>>());

/** The whole actor is part of it: with other rights it is another question. */
const keyOf = (ctx: Context, traceId: string, aroundMs?: number) =>
  JSON.stringify([requireActor(ctx), traceId, aroundMs ?? null]);

/**
 * A trace for a page that waits for it no longer than `patienceMs` and takes no more than `mostSpans`; null where it
 * does not come so. The browser's own question, which follows at once, then goes on with what was begun (`joinTrace`)
 * and does not make the source read everything again.
 */
export async function traceWithin(
  ctx: Context,
  {
    traceId,
    aroundMs,
    patienceMs,
    mostSpans,
  }: { traceId: string; aroundMs?: number; patienceMs: number; mostSpans: number },
): Promise<Trace | null> {
  const reading = seeTrace({ ...ctx, signal: AbortSignal.timeout(longestMs) }, traceId, aroundMs);
  const late = new Promise<null>((resolve) => setTimeout(resolve, patienceMs, null));
  const trace = await Promise.race([reading.catch(() => null), late]);
  if (trace && trace.spanCount <= mostSpans) return trace;
  const all = underWay();
  const key = keyOf(ctx, traceId, aroundMs);
  all.set(key, reading);
  const forget = () => {
    if (all.get(key) === reading) all.delete(key);
  };
  reading.then(() => setTimeout(forget, keptMs).unref(), forget);
  return null;
}

/** What was begun for a page of the same person a moment ago, once; else the trace is read now. */
export function joinTrace(ctx: Context, traceId: string, aroundMs?: number): Promise<Trace> {
  const all = underWay();
  const key = keyOf(ctx, traceId, aroundMs);
  const begun = all.get(key);
  all.delete(key);
  return begun ?? seeTrace(ctx, traceId, aroundMs);
}
