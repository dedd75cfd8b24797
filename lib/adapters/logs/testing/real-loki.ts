import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

export interface RealLoki {
  url: string;
  /** As the program says it, else as the module that it was built from has it. */
  version: string;
  stop(): Promise<void>;
}

/** Where a Loki is on this machine; null where there is none. */
export function findLoki(): string | null {
  const cache = process.env.QUARTERDECK_BACKENDS ?? join(homedir(), '.cache/quarterdeck-backends');
  const folders = [cache, join(cache, 'bin'), ...(process.env.PATH ?? '').split(delimiter)];
  return folders.map((folder) => join(folder, 'loki')).find((path) => existsSync(path)) ?? null;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function versionOf(program: string, url: string): Promise<string> {
  const { version } = (await (await fetch(`${url}/loki/api/v1/status/buildinfo`)).json()) as { version?: string };
  if (version) return version;
  const { stdout } = await promisify(execFile)('go', ['version', '-m', program]).catch(() => ({ stdout: '' }));
  return /\tmod\t\S+\tv(\S+)/.exec(stdout)?.[1] ?? 'of unknown version';
}

/** Starts a Loki of its own in a folder of its own, and waits until it takes and finds lines. */
export async function startRealLoki(program: string): Promise<RealLoki> {
  const folder = await mkdtemp(join(tmpdir(), 'loki-'));
  const [http, grpc] = [await freePort(), await freePort()];
  const config = join(folder, 'loki.yaml');
  await writeFile(
    config,
    `auth_enabled: false
server: {http_listen_address: 127.0.0.1, http_listen_port: ${http}, grpc_listen_address: 127.0.0.1, grpc_listen_port: ${grpc}, log_level: error}
common:
  instance_addr: 127.0.0.1
  path_prefix: ${folder}/data
  replication_factor: 1
  ring: {kvstore: {store: inmemory}}
ingester: {lifecycler: {min_ready_duration: 0s}}
schema_config:
  configs: [{from: 2020-10-24, store: tsdb, object_store: filesystem, schema: v13, index: {prefix: index_, period: 24h}}]
storage_config: {filesystem: {directory: ${folder}/data/chunks}}
limits_config: {allow_structured_metadata: true}
analytics: {reporting_enabled: false}
`,
  );
  const child = spawn(program, [`-config.file=${config}`], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = `${said}${chunk}`.slice(-2_000);
  });
  const url = `http://127.0.0.1:${http}`;
  const stop = async () => {
    await ended(child);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const deadline = Date.now() + 60_000;
    while (!(await isReady(url))) {
      if (child.exitCode !== null || Date.now() > deadline) throw new Error(`Loki did not start: ${said}`);
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    return { url, version: await versionOf(program, url), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/ready`)).ok;
  } catch {
    return false;
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await gone;
  clearTimeout(force);
}
