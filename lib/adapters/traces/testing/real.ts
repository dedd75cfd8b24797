import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

export interface RealBackend {
  /** Of its API. */
  url: string;
  /** Takes OTLP over HTTP. */
  otlpUrl: string;
  stop(): Promise<void>;
}

/** Where a program of the field is on this machine; null where it is not. */
export function findBackend(name: string): string | null {
  const { QUARTERDECK_BACKENDS, PATH = '' } = process.env;
  const home = QUARTERDECK_BACKENDS ?? join(homedir(), '.cache/quarterdeck-backends');
  const folders = [join(home, 'bin'), home, ...PATH.split(delimiter)];
  const found = folders.map((folder) => join(folder, name)).find(isExecutable);
  return found ?? null;
}

/** The version of the Go module that a program was built from: built that way, it does not know its own. */
export function moduleVersion(program: string, module: string): string | null {
  const { stdout } = spawnSync('go', ['version', '-m', program], { encoding: 'utf8' });
  const line = stdout?.split('\n').find((one) => one.split('\t').includes(module));
  return line?.split('\t').find((part) => /^v\d/.test(part)) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve, reject) => {
          server.once('error', reject).listen(0, '127.0.0.1', () => {
            const address = server.address();
            resolve(typeof address === 'object' && address ? address.port : 0);
          });
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

async function run(
  program: string,
  folder: string,
  args: readonly string[],
  { ready, url, otlpUrl }: { ready: string; url: string; otlpUrl: string },
): Promise<RealBackend> {
  const child: ChildProcess = spawn(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      said = `${said}${chunk}`.slice(-4_000);
    });
  }
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async () => {
    child.kill('SIGTERM');
    const hard = setTimeout(() => child.kill('SIGKILL'), 5_000);
    await exited;
    clearTimeout(hard);
    rmSync(folder, { recursive: true, force: true });
  };
  const deadline = Date.now() + 60_000;
  while (
    !(await fetch(ready).then(
      (answer) => answer.ok,
      () => false,
    ))
  ) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`${program} does not come up: ${said}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { url, otlpUrl, stop };
}

/** Jaeger 2 with its store in memory, on free ports. */
export async function startRealJaeger(program: string): Promise<RealBackend> {
  const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-jaeger-'));
  const [query, grpc, otlp] = await freePorts(3);
  writeFileSync(
    join(folder, 'config.yaml'),
    `service:
  extensions: [jaeger_storage, jaeger_query]
  pipelines:
    traces: { receivers: [otlp], exporters: [jaeger_storage_exporter] }
  telemetry:
    metrics: { level: none }
    logs: { level: warn }
extensions:
  jaeger_query:
    storage: { traces: memory }
    http: { endpoint: '127.0.0.1:${query}' }
    grpc: { endpoint: '127.0.0.1:${grpc}' }
  jaeger_storage:
    backends:
      memory: { memory: { max_traces: 10000 } }
receivers:
  otlp: { protocols: { http: { endpoint: '127.0.0.1:${otlp}' } } }
exporters:
  jaeger_storage_exporter: { trace_storage: memory }
`,
  );
  const url = `http://127.0.0.1:${query}`;
  const otlpUrl = `http://127.0.0.1:${otlp}`;
  return run(program, folder, ['--config', 'config.yaml'], { ready: `${url}/api/v3/services`, url, otlpUrl });
}

/** Tempo as a single process with its blocks in a folder, on free ports. */
export async function startRealTempo(program: string): Promise<RealBackend> {
  const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-tempo-'));
  const [http, grpc, otlp, gossip] = await freePorts(4);
  writeFileSync(
    join(folder, 'config.yaml'),
    `server:
  http_listen_address: 127.0.0.1
  http_listen_port: ${http}
  grpc_listen_address: 127.0.0.1
  grpc_listen_port: ${grpc}
  log_level: warn
distributor:
  receivers: { otlp: { protocols: { http: { endpoint: '127.0.0.1:${otlp}' } } } }
ingester:
  trace_idle_period: 1s
  lifecycler: { address: 127.0.0.1, ring: { kvstore: { store: inmemory }, replication_factor: 1 } }
memberlist: { bind_addr: [127.0.0.1], bind_port: ${gossip} }
storage:
  trace:
    backend: local
    local: { path: ${join(folder, 'blocks')} }
    wal: { path: ${join(folder, 'wal')} }
usage_report: { reporting_enabled: false }
`,
  );
  const url = `http://127.0.0.1:${http}`;
  const otlpUrl = `http://127.0.0.1:${otlp}`;
  return run(program, folder, ['-config.file=config.yaml'], { ready: `${url}/ready`, url, otlpUrl });
}
