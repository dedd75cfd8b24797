import type { FoundTrace, SpanDetail, TraceSource } from '#lib/adapters/traces/port.ts';
import { inScope } from '#lib/core/actor.ts';
import { type Context, requireActor } from '#lib/core/context.ts';
import type { Verb } from '#lib/core/define-verb.ts';
import { AppError } from '#lib/core/errors.ts';
import { auditRefusal, requireEveryService } from '#lib/facts/index.ts';
import { environmentOf, permitEnvironment } from '#lib/telemetry/index.ts';
import type { SearchQuery } from './params.ts';
import { answersOf, askAll } from './sources.ts';

/** Whether whoever asks is a token that does not reach everything. */
export function isLimited(ctx: Context): boolean {
  const actor = requireActor(ctx);
  return 'scope' in actor && (actor.scope.environments !== 'all' || actor.scope.services !== 'all');
}

/**
 * A token that reaches some services may search only within one of them, by name: what it finds touches that service.
 * TraceQL reaches everything, so a token must as well.
 */
export function permitSearch(ctx: Context, { env, service, q }: Pick<SearchQuery, 'env' | 'service' | 'q'>): void {
  permitEnvironment(ctx, env, service);
  if (q === undefined || !isLimited(ctx)) return;
  throw new AppError('auth.scope_too_narrow', 'TraceQL reads every environment and service; this token does not.');
}

/** An analysis tells of every service that the traces cross: a token must reach all of them. */
export function permitAnalysis(ctx: Context, query: Pick<SearchQuery, 'env' | 'service' | 'q'>): void {
  requireEveryService(ctx);
  permitSearch(ctx, query);
}

/** What a search found without what it says of services that whoever asks does not reach: counts are of the others. */
export function withinReach(ctx: Context, environment: string, found: FoundTrace): FoundTrace {
  if (!isLimited(ctx)) return found;
  const actor = requireActor(ctx);
  const reaches = ({ name }: { name: string }) => inScope(actor, environment, name);
  const services = found.services.filter(reaches);
  if (services.length === found.services.length && (!found.root || reaches({ name: found.root.service }))) return found;
  const sum = (of: 'spanCount' | 'errorCount') => services.reduce((total, service) => total + service[of], 0);
  return {
    ...found,
    root: found.root && reaches({ name: found.root.service }) ? found.root : null,
    services,
    spanCount: services.length > 0 ? sum('spanCount') : null,
    errorCount: services.length > 0 ? sum('errorCount') : null,
  };
}

/** Environment of a span as its resource says it; the default one where it says none. */
export function environmentOfSpan({ resource }: Pick<SpanDetail, 'resource'>): string {
  const said = resource['deployment.environment.name'] ?? resource['deployment.environment'];
  return environmentOf(typeof said === 'string' && said !== '' ? said : undefined);
}

/**
 * A trace is read as a whole or not at all: a token must reach every service in it, and the environment of every span,
 * as far as that can be told. Throws `auth.scope_too_narrow`, written to the audit, and says what is beyond.
 */
export async function permitTrace(
  ctx: Context,
  verb: Verb,
  source: TraceSource,
  trace: { traceId: string; services: readonly string[]; spans: { id: readonly string[] } },
): Promise<void> {
  const actor = requireActor(ctx);
  if (!isLimited(ctx) || !('scope' in actor)) return;
  const { services, environments } = actor.scope;
  const beyond = services === 'all' ? [] : trace.services.filter((service) => !services.includes(service));
  let isRead = true;
  if (beyond.length === 0 && environments !== 'all') {
    const ask = (signal: AbortSignal) => source.attributesOf([trace.traceId], { signal });
    const answers = answersOf(await askAll([source], (_, within) => ask(within), { signal: ctx.signal }));
    const [read] = answers.flatMap(({ value }) => value);
    isRead = read !== undefined && read.spans.length >= trace.spans.id.length;
    const crossed = new Set(read?.spans.map(environmentOfSpan));
    for (const environment of crossed) {
      if (!inScope(actor, environment)) beyond.push(`the environment ${environment}`);
    }
  }
  if (beyond.length === 0 && isRead) return;
  const what =
    beyond.length > 0 ? ` This one crosses ${beyond.join(', ')}.` : ' Not all of this one could be looked at.';
  const refusal = new AppError(
    'auth.scope_too_narrow',
    `A trace is read as a whole, and this token does not reach all of it.${what}`,
  );
  await auditRefusal(ctx, actor, verb, refusal);
  throw refusal;
}
