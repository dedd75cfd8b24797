import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { versionOf } from '#deploy/local/engines/probe.ts';
import { type Engine, findEngine } from '#deploy/local/engines.ts';

export type AlertmanagerProgram = Pick<Engine, 'program' | 'version' | 'env' | 'cwd'>;

export interface RealAlertmanager {
  url: string;
  version: string;
  /** Where its peers find it. */
  clusterAddress: string | null;
  /** Stops it at once, as a machine that loses its power. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** The one that this machine runs, and a newer one where it is there. */
export async function findAlertmanagers(): Promise<AlertmanagerProgram[]> {
  const cache = process.env.QUARTERDECK_BACKENDS ?? join(homedir(), '.cache/quarterdeck-backends');
  const usual = await findEngine('alertmanager');
  const newer = [join(cache, 'bin/alertmanager'), join(cache, 'alertmanager')].find((path) => existsSync(path));
  if (!newer || newer === usual.program) return [usual];
  // A build from source may not know its version.
  const version = await versionOf(newer, {}).catch(() => 'of unknown version');
  return [usual, { program: newer, env: {}, version }];
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const quiet = 'route: {receiver: nobody, group_by: [alertname]}\nreceivers: [{name: nobody}]\n';

/** Starts an Alertmanager of its own; with `peers` (may be none yet) as a member of a cluster on the loopback. */
export async function startAlertmanager(
  { program, env, cwd, version }: AlertmanagerProgram,
  { config = quiet, peers }: { config?: string; peers?: string[] } = {},
): Promise<RealAlertmanager> {
  const folder = await mkdtemp(join(tmpdir(), 'alertmanager-'));
  const [http, gossip] = [await freePort(), await freePort()];
  const file = join(folder, 'alertmanager.yml');
  await writeFile(file, config);
  const cluster = peers
    ? [
        `--cluster.listen-address=127.0.0.1:${gossip}`,
        `--cluster.advertise-address=127.0.0.1:${gossip}`,
        '--cluster.settle-timeout=1s',
        '--cluster.gossip-interval=50ms',
        '--cluster.pushpull-interval=1s',
        ...peers.map((peer) => `--cluster.peer=${peer}`),
      ]
    : ['--cluster.listen-address='];
  const args = [
    `--config.file=${file}`,
    `--storage.path=${folder}/data`,
    `--web.listen-address=127.0.0.1:${http}`,
    '--log.level=error',
    ...cluster,
  ];
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = `${said}${chunk}`.slice(-2_000);
  });
  const url = `http://127.0.0.1:${http}`;
  const end = async (signal: NodeJS.Signals) => {
    await ended(child, signal);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  const deadline = Date.now() + 30_000;
  while (!(await isReady(url))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await end('SIGKILL');
      throw new Error(`Alertmanager did not start: ${said}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    url,
    version,
    clusterAddress: peers ? `127.0.0.1:${gossip}` : null,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/-/ready`)).ok;
  } catch {
    return false;
  }
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  const force = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await gone;
  clearTimeout(force);
}

export interface SentAlert {
  labels: Record<string, string>;
  annotations?: Record<string, string>;
  startsAt?: string;
  endsAt?: string;
  generatorURL?: string;
}

/** Sends alerts as Prometheus does. */
export async function sendAlerts(url: string, alerts: SentAlert[]): Promise<void> {
  const response = await fetch(`${url}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(alerts),
  });
  if (!response.ok) throw new Error(`Alertmanager refuses the alerts: ${await response.text()}`);
}
