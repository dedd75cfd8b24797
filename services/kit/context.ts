import { type Context, context, createContextKey } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';

/** What a request carries through every call that it causes. */
export interface RequestContext {
  readonly correlationId: string;
  /** When the caller stops waiting, on the clock of `performance.now()`. */
  readonly deadlineAtMs?: number;
}

const KEY = createContextKey('quarterdeck request');

// The API keeps the first manager that is set, so this is idle where telemetry has already set one.
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());

/** `base` with the request in it. */
export function withRequest(base: Context, request: RequestContext): Context {
  return base.setValue(KEY, request);
}

/** The request that is being served, or undefined in background work. */
export function currentRequest(): RequestContext | undefined {
  return context.active().getValue(KEY) as RequestContext | undefined;
}

/** Milliseconds until the caller stops waiting, never below 0; undefined when it set no deadline. */
export function remainingMs(): number | undefined {
  const deadlineAtMs = currentRequest()?.deadlineAtMs;
  return deadlineAtMs === undefined ? undefined : Math.max(0, deadlineAtMs - performance.now());
}

/** Runs `fn` within a request of its own; what background work and tests use. */
export function runWithRequest<T>(request: RequestContext, fn: () => T): T {
  return context.with(withRequest(context.active(), request), fn);
}
