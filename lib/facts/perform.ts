import { type Actor, inScope, isSystem, roleAtLeast } from '#lib/core/actor.ts';
import { type Context, requireActor } from '#lib/core/context.ts';
import type { Verb } from '#lib/core/define-verb.ts';
import { AppError, type ErrorCode, parseInput } from '#lib/core/errors.ts';
import { log } from '#lib/core/log.ts';
import { db, notify, type Transaction, withTransaction } from '#lib/db/index.ts';
import { claimKey, insertAudit, insertFact, keepResponse, type NewFact } from './store.ts';

/** The least that `parseInput` needs of a zod schema. */
type Schema<I> = Parameters<typeof parseInput<I>>[0];

/** What a verb's work writes down beside its own rows, in the same transaction. */
export interface Recorder {
  /** What was acted on and how, for the audit. Exactly one audit record is written for each call of a verb. */
  audit(subject: { kind: string; id: string }, detail?: Record<string, unknown>, environment?: string): void;
  /** Appends a fact; null when it was recorded before. */
  fact(fact: Omit<NewFact, 'actor'> & { actor?: NewFact['actor'] }): Promise<string | null>;
  /** Announces to every browser that `topic` should be fetched again, once this is committed. */
  changed(topic: string, id: string, audience?: string): Promise<void>;
}

export interface Work<I> {
  tx: Transaction;
  actor: Actor;
  input: I;
  now: Date;
  record: Recorder;
}

export interface PerformOptions<I, R> {
  schema: Schema<I>;
  /** What a token's scope is held against; absent: the verb is about no service. */
  target?: (input: I) => { environment: string; services: string[] };
  /** What is kept for a replay of the same `Idempotency-Key`: never a secret that is shown once. */
  replay?: (result: R) => unknown;
}

/**
 * Runs a verb that changes something, always in this order: authorize, parse, one transaction with the work, its
 * audit record, its facts and its announcements. A refusal is audited in a transaction of its own.
 */
export async function perform<I, R>(
  ctx: Context,
  verb: Verb,
  input: unknown,
  { schema, target, replay = (result) => result }: PerformOptions<I, R>,
  work: (work: Work<I>) => Promise<R>,
): Promise<R> {
  const actor = await authorize(ctx, verb);
  const parsed = parseInput(schema, input ?? {});
  try {
    if (target) requireScope(actor, target(parsed));
    return await withTransaction(async (tx) => {
      if (ctx.idempotency) {
        const claim = await claimKey(tx, ctx.idempotency.id, ctx.idempotency.bodyHash);
        if (claim.state === 'reused') {
          throw new AppError('request.idempotency_reused', 'Send a new key with a new body.');
        }
        if (claim.state === 'replay') {
          ctx.idempotency.replayed = true;
          return claim.response as R;
        }
      }
      let subject = { kind: 'verb', id: verb.id };
      let detail: Record<string, unknown> = {};
      let environment: string | undefined;
      const result = await work({
        tx,
        actor,
        input: parsed,
        now: ctx.clock.now(),
        record: {
          audit: (what, how = {}, where) => {
            subject = what;
            detail = how;
            environment = where;
          },
          fact: (fact) => insertFact(tx, { actor, ...fact }),
          changed: (topic, id, audience = 'everyone') => notify(tx, { topic, id, audience }),
        },
      });
      await insertAudit(tx, { ...auditBase(ctx, actor, verb), outcome: 'done', subject, detail, environment });
      if (ctx.idempotency) await keepResponse(tx, ctx.idempotency.id, replay(result));
      return result;
    });
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal) await auditRefusal(ctx, actor, verb, refusal);
    throw error;
  }
}

const refusals = new Set([403, 409, 423]);

/** What of an error is a refusal that the audit keeps: itself, or what stands behind a “there is no such thing”. */
export function refusalOf(error: unknown): AppError | null {
  if (!(error instanceof AppError)) return null;
  if (refusals.has(error.status)) return error;
  return error.status === 404 ? refusalOf(error.cause) : null;
}

/** The actor, if it may do this; else 401 or 403, and the refusal is in the audit. */
export async function authorize(ctx: Context, verb: Verb): Promise<Actor> {
  if (verb.role === 'anyone') return ctx.actor ?? { kind: 'setup', id: 'anyone', name: 'Somebody' };
  if (!ctx.actor) {
    await auditNobody(ctx, verb, 'auth.unauthenticated');
    return requireActor(ctx);
  }
  const refusal = refuse(ctx.actor, verb);
  if (refusal) {
    await auditRefusal(ctx, ctx.actor, verb, refusal);
    throw refusal;
  }
  return ctx.actor;
}

/** Why an actor may not do this, or null. Pure, so that buttons can say it before the click. */
export function refuse(actor: Actor, verb: Verb): AppError | null {
  if (isSystem(actor) || verb.role === 'anyone' || !('role' in actor)) return null;
  if (verb.peopleOnly && actor.kind === 'token') {
    return new AppError('auth.token_cannot', 'Sign in as a person to do this.');
  }
  if (!roleAtLeast(actor.role, verb.role)) {
    return new AppError('auth.role_too_low', `“${verb.title}” needs the role ${verb.role}; yours is ${actor.role}.`);
  }
  if (verb.changes && actor.scope.access === 'read') {
    return new AppError('auth.scope_too_narrow', 'This token may only read.');
  }
  return null;
}

/** Throws unless the actor's scope reaches every one of the services. */
export function requireScope(
  actor: Actor,
  { environment, services }: { environment: string; services: string[] },
): void {
  const beyond = services.filter((service) => !inScope(actor, environment, service));
  if (beyond.length === 0 && inScope(actor, environment)) return;
  const what = beyond.length > 0 ? `${beyond.join(', ')} in ${environment}` : environment;
  throw new AppError('auth.scope_too_narrow', `This token does not reach ${what}.`);
}

/** `requireScope` for what does not go through `perform`: a refusal is written down here. */
export async function weighScope(
  ctx: Context,
  verb: Verb,
  target: { environment: string; services: string[] },
): Promise<void> {
  const actor = requireActor(ctx);
  try {
    requireScope(actor, target);
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal) await auditRefusal(ctx, actor, verb, refusal);
    throw error;
  }
}

/** Throws for a token that reaches only some services: for what is about all of them. */
export function requireEveryService({ actor }: Context): void {
  if (!actor || !('scope' in actor) || actor.scope.services === 'all') return;
  const few = actor.scope.services.join(', ');
  throw new AppError('auth.scope_too_narrow', `This is about every service; the token reaches only ${few}.`);
}

function auditBase(ctx: Context, actor: Actor, verb: Verb) {
  return { actor, verb: verb.id, requestId: ctx.requestId, address: ctx.address };
}

/** Writes down that somebody was refused. */
export async function auditRefusal(ctx: Context, actor: Actor, verb: Verb, error: AppError): Promise<void> {
  const record = { outcome: 'refused' as const, code: error.code, subject: { kind: 'verb', id: verb.id } };
  try {
    await insertAudit(db(), { ...auditBase(ctx, actor, verb), ...record, detail: { detail: error.detail } });
  } catch (failure) {
    // The refusal itself stands even where Postgres is away.
    log().error({ err: failure, verb: verb.id, actor: actor.id, code: error.code }, 'a refusal could not be audited');
  }
}

const aggregateMs = 60_000;
const unauthenticated = new Map<string, { since: number; count: number }>();

/** Writes down that nobody in particular was refused: one record a minute for each address and verb, with a count. */
export async function auditNobody(ctx: Context, verb: Verb, code: ErrorCode): Promise<void> {
  const key = `${ctx.address ?? 'unknown'} ${verb.id}`;
  const known = unauthenticated.get(key);
  if (known && Date.now() - known.since < aggregateMs) {
    known.count += 1;
    return;
  }
  if (unauthenticated.size > 10_000) unauthenticated.clear();
  unauthenticated.set(key, { since: Date.now(), count: 0 });
  const nobody = { kind: 'setup' as const, id: 'nobody', name: 'Nobody signed in' };
  await auditRefusal(ctx, nobody, verb, new AppError(code, `and ${known?.count ?? 0} more since the record before`));
}
