import { metrics } from '#lib/core/metrics.ts';
import { db } from '#lib/db/index.ts';

const readyWithinMs = 2_000;

/** Answers `/readyz`: 200 when requests can be served, else 503 with what is down. */
export async function answerReady(): Promise<Response> {
  try {
    await withinMs(readyWithinMs, db().$queryRaw`select 1`);
    return Response.json({ status: 'ready' }, { headers: { 'cache-control': 'no-store' } });
  } catch {
    const body = {
      type: '/api/v1/docs#error-database-unavailable',
      title: 'Not ready',
      status: 503,
      code: 'database.unavailable',
      detail: 'Postgres does not answer.',
      down: ['postgres'],
    };
    const headers = { 'content-type': 'application/problem+json', 'cache-control': 'no-store', 'retry-after': '2' };
    return Response.json(body, { status: 503, headers });
  }
}

/** A probe that hangs is as bad as one that fails: Postgres may stand still without closing a connection. */
async function withinMs<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Answers `/metrics`: the console's own, as Prometheus text. */
export async function answerMetrics(): Promise<Response> {
  const { registry } = metrics();
  return new Response(await registry.metrics(), { headers: { 'content-type': registry.contentType } });
}
