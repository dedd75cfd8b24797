import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findEngine } from '../engines.ts';
import { temporaryRoot } from '../folders.ts';
import { choosePort, releasePort } from '../ports.ts';
import { describeExit, startChild } from '../process/child.ts';
import { guardian } from '../process/guardian.ts';
import { untilHttp } from '../process/until-http.ts';

export type TestPrometheusOptions = {
  /** The whole prometheus.yml. */
  config: string;
  /** Folder of its database; a temporary one, removed at the end, when absent. */
  dataDir?: string;
  port?: number;
  retention?: string;
};

export type TestPrometheus = {
  url: string;
  version: string;
  configFile: string;
  /** Writes a new configuration, where one is given, and has it read. */
  reload(config?: string): Promise<void>;
  stop(): Promise<void>;
};

/** A real Prometheus for tests and the benchmark, on a free port of the loopback address. */
export async function startPrometheus(options: TestPrometheusOptions): Promise<TestPrometheus> {
  const engine = await findEngine('prometheus');
  const folder = mkdtempSync(join(temporaryRoot(undefined), 'quarterdeck-prometheus-'));
  guardian().clear(folder);
  const configFile = join(folder, 'prometheus.yml');
  writeFileSync(configFile, options.config);
  const port = options.port ?? (await choosePort());
  const url = `http://127.0.0.1:${port}`;
  const child = await startChild({
    name: 'prometheus',
    command: engine.program,
    args: [
      `--config.file=${configFile}`,
      `--storage.tsdb.path=${options.dataDir ?? join(folder, 'data')}`,
      `--storage.tsdb.retention.time=${options.retention ?? '400d'}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--web.enable-lifecycle',
      '--web.enable-admin-api',
      '--enable-feature=exemplar-storage',
    ],
    cwd: engine.cwd,
    env: { ...process.env, ...engine.env },
    graceMs: 10_000,
  });
  const stop = async () => {
    await child.stop();
    if (options.port === undefined) releasePort(port);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await untilHttp(`${url}/-/ready`, { timeoutMs: 60_000, alive: () => child.running() });
  } catch (error) {
    const said = child.lastLines().slice(-3).join(' | ');
    const how = child.running() ? 'is not ready' : describeExit(await child.exited);
    await stop();
    throw new Error(`Prometheus ${how}: ${(error as Error).message}. Its last words: ${said}`);
  }
  return {
    url,
    version: engine.version,
    configFile,
    stop,
    reload: async (config) => {
      if (config !== undefined) writeFileSync(configFile, config);
      const response = await fetch(`${url}/-/reload`, { method: 'POST' });
      if (!response.ok) throw new Error(`Prometheus refuses the configuration: ${await response.text()}`);
    },
  };
}
