import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { post, span, tracesBodyOf } from '../testing/bodies.ts';
import { ownReceiver } from '../testing/own-receiver.ts';
import { until } from '../testing/setup.ts';

const receiver = ownReceiver();

const text = (key: string, value: string) => ({ key, value: { value: { case: 'stringValue' as const, value } } });

const number = (key: string, value: bigint) => ({ key, value: { value: { case: 'intValue' as const, value } } });

async function lines(pattern: RegExp): Promise<string[]> {
  const exposed = await (await fetch(`${receiver.url}/metrics`)).text();
  return exposed.split('\n').filter((line) => pattern.test(line));
}

function call(spanId = randomBytes(8), traceId = randomBytes(16)) {
  return {
    client: span({ traceId, spanId, kind: 3, name: 'POST', attributes: [text('peer.service', 'payment')] }),
    server: span({ traceId, parentSpanId: spanId, name: 'POST /charges', status: { code: 2 } }),
  };
}

const edge = 'deployment_environment_name="test",client="order",server="payment",connection_type=""';

it('does not count what could not be stored', async () => {
  await receiver.database.query('ALTER TABLE telemetry.span RENAME TO span_away');
  try {
    const { client } = call();
    expect((await post(`${receiver.url}/v1/traces`, tracesBodyOf('refused', client))).status).toBe(503);
  } finally {
    await receiver.database.query('ALTER TABLE telemetry.span_away RENAME TO span');
  }
  await until(async () => (await fetch(`${receiver.url}/readyz`)).status === 200);
  expect(await lines(/"refused"/)).toEqual([]);
});

it('pairs client and server over requests, and counts a request that is sent again once', async () => {
  const { client, server } = call();
  const clientBody = tracesBodyOf('order', client);
  const serverBody = tracesBodyOf('payment', server);
  for (const body of [clientBody, serverBody, clientBody, serverBody]) {
    expect((await post(`${receiver.url}/v1/traces`, body)).status).toBe(200);
  }
  expect(await lines(/^traces_service_graph_request(_failed)?_total/)).toEqual([
    `traces_service_graph_request_total{${edge}} 1`,
    `traces_service_graph_request_failed_total{${edge}} 1`,
  ]);
  expect(await lines(/^traces_service_graph_request_(server|client)_seconds_count/)).toEqual([
    `traces_service_graph_request_server_seconds_count{${edge}} 1`,
    `traces_service_graph_request_client_seconds_count{${edge}} 1`,
  ]);
  const calls = await lines(/^traces_spanmetrics_calls_total/);
  expect(calls).toContain(
    'traces_spanmetrics_calls_total{deployment_environment_name="test",service="payment",span_name="POST /charges",span_kind="SPAN_KIND_SERVER",status_code="STATUS_CODE_ERROR"} 1',
  );
  expect(calls).toHaveLength(2);
});

it('does not count an answer of 4xx as a failure of the call, but does count no answer at all', async () => {
  const answered = (service: string, status: bigint | undefined) => {
    const traceId = randomBytes(16);
    const spanId = randomBytes(8);
    const code = status === undefined ? [] : [number('http.response.status_code', status)];
    const attributes = [text('peer.service', service), ...code];
    return [
      tracesBodyOf('shop', span({ traceId, spanId, kind: 3, name: 'GET', attributes, status: { code: 2 } })),
      tracesBodyOf(service, span({ traceId, parentSpanId: spanId, name: 'GET /x' })),
    ];
  };
  const bodies = [...answered('refusing', 404n), ...answered('failing', 503n), ...answered('silent', undefined)];
  for (const body of bodies) expect((await post(`${receiver.url}/v1/traces`, body)).status).toBe(200);
  const failed = await lines(/^traces_service_graph_request_failed_total.*client="shop"/);
  expect(Object.fromEntries(failed.map((line) => [/server="(\w+)"/.exec(line)?.[1], line.at(-1)]))).toEqual({
    refusing: '0',
    failing: '1',
    silent: '1',
  });
});
