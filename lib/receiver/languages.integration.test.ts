import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ownReceiver } from './testing/own-receiver.ts';
import { runTool } from './testing/tool.ts';

// Nothing is fetched here. Python: OTEL_PYTHON names an interpreter that has opentelemetry-exporter-otlp-proto-http.
// Go: `go mod download` in testing/go, once.
const python = process.env.OTEL_PYTHON || 'python3';
const goFolder = new URL('./testing/go/', import.meta.url);
const offline = { GOPROXY: 'off', GOTOOLCHAIN: 'local', GOFLAGS: '-mod=readonly' };
const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-go-'));
const goProgram = join(folder, 'send');

const pythonTrouble = troubleOf(
  spawnSync(python, ['-c', 'import opentelemetry.exporter.otlp.proto.http'], { timeout: 20_000 }),
);
const goTrouble = troubleOf(
  spawnSync('go', ['build', '-p', '1', '-o', goProgram, '.'], {
    cwd: goFolder,
    env: { ...process.env, ...offline },
    timeout: 300_000,
  }),
);

function troubleOf({ status, error, stderr }: ReturnType<typeof spawnSync>): string | undefined {
  if (status === 0) return undefined;
  return error?.message ?? String(stderr).trim().split('\n').at(-1) ?? `ended with ${status}`;
}

const receiver = ownReceiver();

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe.each([
  { language: 'Python', trouble: pythonTrouble, command: [python, 'lib/receiver/testing/python/send.py'] },
  { language: 'Go', trouble: goTrouble, command: [goProgram] },
])('the official exporter of $language', ({ language, trouble, command }) => {
  it('leaves each span as it was made', async ({ skip }) => {
    if (trouble) {
      process.stdout.write(`SKIPPED: the exporter of ${language} is not on this machine: ${trouble}\n`);
      skip(`the exporter of ${language} is not on this machine: ${trouble}`);
    }
    const output = await runTool([...command, `${receiver.url}/v1/traces`]);
    const [traceId, version] = output.trim().split(' ');
    process.stdout.write(`the exporter of ${language} is version ${version}\n`);
    const spans = await receiver.database.query(
      `SELECT name, kind, status, status_message, service, environment, scope_name, scope_version, attributes, events,
         encode(span_id, 'hex') AS id, encode(parent_span_id, 'hex') AS parent
       FROM telemetry.span WHERE trace_id = decode($1, 'hex') ORDER BY parent_span_id NULLS FIRST`,
      [traceId],
    );
    const common = { service: language.toLowerCase(), environment: 'test', scope_name: 'shop', scope_version: '2.0.0' };
    expect(spans).toMatchObject([
      { ...common, name: 'POST /orders', kind: 2, status: 0, parent: null, events: null },
      {
        ...common,
        name: 'charge ünïcode',
        kind: 3,
        status: 2,
        status_message: 'declined',
        parent: spans[0]?.id,
        attributes: { 'http.route': '/charge', count: 3, ratio: 0.25, ok: true, tags: ['a', 'b'] },
        events: [{ name: 'retry', attributes: { attempt: 2 } }],
      },
    ]);
  }, 60_000);
});
