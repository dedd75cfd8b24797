import type * as z from 'zod';
import type { Context } from '#lib/core/context.ts';
import type { Verb } from '#lib/core/define-verb.ts';

export interface Handled<P, Q> {
  ctx: Context;
  params: P;
  query: Q;
  /** Untyped JSON: the verb parses it. */
  body: unknown;
  request: Request;
}

/** One address of the REST door: what it is for, what goes in and out, and the verb that it hands over to. */
export interface RouteDefinition<P = unknown, Q = unknown> {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Below `/api/v1`, with `{name}` for parameters. */
  path: string;
  verb: Verb;
  /**
   * A POST only because what is asked is too long for an address: its verb changes nothing, so that a token that may
   * only read may ask it, and an `Idempotency-Key` means nothing to it.
   */
  readsOnly?: true;
  tag: string;
  summary: string;
  description?: string;
  params?: z.ZodType<P>;
  query?: z.ZodType<Q>;
  body?: z.ZodType;
  /** Shown in the reference as what to send. */
  example?: unknown;
  response?: z.ZodType;
  /** Of an answer that is no JSON: `application/yaml`. */
  responseType?: string;
  responseExample?: unknown;
  /** 200 unless said otherwise; 204 answers without a body. */
  status?: 200 | 201 | 202 | 204;
  /**
   * The answer is the same for everybody who may ask at all: it is made once per address and kept for so long,
   * serialised, across viewers.
   */
  sharedForMs?: number;
  /** Weighed for each caller, also when the answer is shared: throws for what a token's scope does not reach. */
  permit?: (call: Handled<P, Q>) => void;
  handle: (call: Handled<P, Q>) => Promise<unknown>;
}

/** Defines a route; `params` and `query` reach the handler parsed. A returned `Response` is sent as it is. */
export function defineRoute<P, Q>(route: RouteDefinition<P, Q>): RouteDefinition {
  return route as unknown as RouteDefinition;
}
