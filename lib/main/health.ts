import { metrics } from '#lib/core/metrics.ts';
import { db } from '#lib/db/index.ts';

/** Answers `/readyz`: 200 when requests can be served, else 503 with what is down. */
export async function answerReady(): Promise<Response> {
  try {
    await db().$queryRaw`select 1`;
    return Response.json({ status: 'ready' });
  } catch {
    const body = {
      type: '/api/v1/docs#error-database-unavailable',
      title: 'Not ready',
      status: 503,
      code: 'database.unavailable',
      detail: 'Postgres does not answer.',
      down: ['postgres'],
    };
    return Response.json(body, { status: 503, headers: { 'content-type': 'application/problem+json' } });
  }
}

/** Answers `/metrics`: the console's own, as Prometheus text. */
export async function answerMetrics(): Promise<Response> {
  const { registry } = metrics();
  return new Response(await registry.metrics(), { headers: { 'content-type': registry.contentType } });
}
