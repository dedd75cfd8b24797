import type { Actor } from './actor.ts';
import { type Clock, systemClock } from './clock.ts';
import { AppError } from './errors.ts';
import { newId } from './ids.ts';

/** What every verb is called with: who acts, when, and on whose request. */
export interface Context {
  actor: Actor | null;
  clock: Clock;
  requestId: string;
  /** The address that the request came from, where there is one. */
  address?: string;
  /** Given by a client with `Idempotency-Key`; `replayed` is set when the answer is a stored one. */
  idempotency?: { id: string; bodyHash: string; replayed?: boolean };
  signal?: AbortSignal;
}

/** The signature of every use case. `input` is untyped: the verb parses it. */
export interface Call {
  ctx: Context;
  input: unknown;
}

/** A context for code that no person called: jobs, hooks, set-up and tests. */
export function contextFor(actor: Actor | null, clock: Clock = systemClock): Context {
  return { actor, clock, requestId: newId() };
}

/** The actor, or `auth.unauthenticated`. */
export function requireActor(ctx: Context): Actor {
  if (!ctx.actor) throw new AppError('auth.unauthenticated', 'Sign in, or send a bearer token.');
  return ctx.actor;
}
