import type { Context } from '#lib/core/context.ts';
import { listFacts } from '#lib/facts/index.ts';
import { environmentOf, resolveRange } from '#lib/telemetry/index.ts';
import { type Read, readAttributes } from './analyze.ts';
import { mostTraces } from './cohorts.ts';
import type { FacetsQuery } from './params.ts';
import { requestsOf } from './requests-rules.ts';
import type { SuspectList } from './schemas.ts';
import { search } from './search.ts';
import { answerOf } from './sources.ts';
import { type KnownFault, suspectsOf } from './suspects-rules.ts';

/** What explains the failing requests of a service, each with the share that it explains. */
export async function seeSuspects(
  ctx: Context,
  service: string,
  query: Pick<FacetsQuery, 'env' | 'from' | 'to'>,
): Promise<SuspectList> {
  const { fromMs, toMs } = resolveRange(query);
  const environment = environmentOf(query.env);
  const wanted = { environment, fromMs, toMs, service, attributes: [], limit: mostTraces, order: 'spread' as const };
  const [failed, fine] = await Promise.all([
    search({ ...wanted, status: 'error' }, { signal: ctx.signal }),
    search({ ...wanted, status: 'ok' }, { signal: ctx.signal }),
  ]);
  const known = new Set(failed.traces.map(({ found }) => found.traceId));
  const others = fine.traces.filter(({ found }) => !known.has(found.traceId));
  const [failing, ok] = await Promise.all([
    readAttributes(failed, ctx.signal),
    readAttributes({ traces: failed.traces.length > 0 ? others : [] }, ctx.signal),
  ]);
  const requests = requestsOf([...failing.traces, ...ok.traces], service);
  const failures = requests.filter((request) => request.failed).length;
  const [from, to] = [new Date(fromMs).toISOString(), new Date(toMs).toISOString()];
  const faults = await faultsOf(ctx, environment, [failing, ok], { from, to });
  return {
    environment,
    service,
    from,
    to,
    failing: failures,
    // Where nothing failed the others are not read: each of their traces is at least one request.
    ok: failed.traces.length > 0 ? requests.length - failures : others.length,
    items: suspectsOf(requests, faults, { service, search: { env: environment, from, to } }),
    nextCursor: null,
    notes: [...new Set([...failed.notes, ...fine.notes, ...failing.notes, ...ok.notes, ...sampleNotes(failed, fine)])],
    sampling: fine.sampling ?? failed.sampling,
    sources: failed.outcomes.map((outcome) => answerOf(outcome)),
  };
}

function sampleNotes(failed: { truncated: boolean }, fine: { truncated: boolean }): string[] {
  if (!failed.truncated && !fine.truncated) return [];
  return [`Counted over an even choice of at most ${mostTraces} failing and ${mostTraces} other traces, not over all.`];
}

/** Faults that one may know of, at services that the traces touch. */
async function faultsOf(
  ctx: Context,
  env: string,
  read: readonly Read[],
  range: { from: string; to: string },
): Promise<KnownFault[]> {
  const services = new Set(
    read.flatMap(({ traces }) => traces.flatMap(({ spans }) => spans.map((span) => span.service))),
  );
  const { items } = await listFacts({ ctx, query: { env, kind: ['fault'], limit: 100, ...range } });
  return items
    .filter((fault) => fault.services.length === 0 || fault.services.some((service) => services.has(service)))
    .map(({ title, startAt, endAt }) => ({
      title,
      startMs: Date.parse(startAt),
      endMs: endAt === null ? null : Date.parse(endAt),
    }));
}
