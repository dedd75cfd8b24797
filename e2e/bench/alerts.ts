import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { Agent, request } from 'undici';
import { buildConsole } from '#deploy/local/console-build.ts';
import { choosePort, releasePort } from '#deploy/local/ports.ts';
import { type RunningPostgres, startPostgres } from '#deploy/local/postgres.ts';
import { migrate } from '../../prisma/migrate.ts';
import { percentile, type Row } from './report.ts';

const perMinute = 1_000;
const token = 'a hook token of the benchmark';
const password = randomBytes(18).toString('base64url');
const barMs = 200;
/** As Alertmanager does: again after a moment, and longer each time. */
const firstPauseMs = 250;
const longestPauseMs = 5_000;

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

interface Sent {
  /** How long the attempt took that was accepted. */
  latenciesMs: number[];
  /** The same of those that were accepted at their first attempt. */
  atOnceMs: number[];
  /** Attempts that were refused, or that nobody answered. */
  repeated: number;
  /** Of what was accepted. */
  fingerprints: string[];
  longestWaitMs: number;
}

/**
 * 1,000 alerts a minute, each by a delivery of its own as from many groups, to a console that is killed and started
 * again after a third of the time, and whose Postgres is killed and started again after two thirds. What is not
 * accepted is sent again, as Alertmanager does. Held against what is kept in the end.
 */
export async function benchAlerts(minutes = 10): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-bench-'));
  const [databasePort, consolePort] = [await choosePort(), await choosePort()];
  const database = () => startPostgres({ dataDir: join(folder, 'postgres'), port: databasePort, password });
  let postgres: RunningPostgres = await database();
  let server: ChildProcess | null = null;
  try {
    const databaseUrl = postgres.url;
    await migrate(databaseUrl);
    const start = () => startConsole(consolePort, databaseUrl);
    server = await start();
    await warmUp(consolePort);
    const totalMs = minutes * 60_000;
    const sending = send(`http://127.0.0.1:${consolePort}`, totalMs);
    await sleep(totalMs / 3);
    server.kill('SIGKILL');
    await sleep(1_000);
    server = await start();
    await sleep(Math.max(0, totalMs / 3 - 1_000));
    process.kill(Number(readFileSync(join(postgres.dataDir, 'postmaster.pid'), 'utf8').split('\n')[0]), 'SIGKILL');
    await postgres.child.exited;
    postgres = await database();
    const sent = await sending;
    return rows(minutes, sent, await kept(databaseUrl));
  } finally {
    server?.kill('SIGKILL');
    await postgres.stop();
    releasePort(databasePort);
    releasePort(consolePort);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function rows(minutes: number, sent: Sent, found: Kept): Row[] {
  const bench = `alert webhook, ${perMinute}/min for ${minutes} min`;
  const p99 = percentile(sent.latenciesMs, 0.99);
  const lost = sent.fingerprints.filter((fingerprint) => !found.fingerprints.has(fingerprint)).length;
  const twice = found.alerts - found.fingerprints.size;
  return [
    { bench, measure: 'alerts accepted', value: sent.latenciesMs.length, unit: 'alerts' },
    { bench, measure: 'accepted in, median', value: percentile(sent.latenciesMs, 0.5), unit: 'ms' },
    { bench, measure: 'accepted in, p99', value: p99, unit: 'ms', bar: `< ${barMs}`, met: p99 < barMs },
    {
      bench,
      measure: 'of those accepted at once, p99',
      value: percentile(sent.atOnceMs, 0.99),
      unit: 'ms',
      note: 'without those that waited for a restart',
    },
    { bench, measure: 'accepted but lost', value: lost, unit: 'alerts', bar: '0', met: lost === 0 },
    { bench, measure: 'kept twice', value: twice, unit: 'alerts', bar: '0', met: twice === 0 },
    {
      bench,
      measure: 'firings recorded twice',
      value: found.facts - found.alerts,
      unit: 'facts',
      bar: '0',
      met: found.facts === found.alerts,
    },
    {
      bench,
      measure: 'sent again',
      value: sent.repeated,
      unit: 'attempts',
      note: 'while console or Postgres was dead',
    },
    { bench, measure: 'longest wait', value: sent.longestWaitMs / 1_000, unit: 's', note: 'with all attempts' },
  ];
}

/** The production build, or what `QD_BENCH_CONSOLE` names to be run by Node in its stead. */
async function startConsole(port: number, databaseUrl: string): Promise<ChildProcess> {
  const own = process.env.QD_BENCH_CONSOLE;
  const [program, cwd] = own ? [own, process.cwd()] : await built();
  const child = spawn(process.execPath, [program], {
    cwd,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      HOSTNAME: '127.0.0.1',
      PORT: String(port),
      DATABASE_URL: databaseUrl,
      QD_SECRET: 'a secret of the benchmark, 32 characters',
      QD_PUBLIC_URL: `http://127.0.0.1:${port}`,
      QD_HOOK_TOKEN: token,
      LOG_LEVEL: 'fatal',
    },
  });
  const until = Date.now() + 30_000;
  while (!(await answers(`http://127.0.0.1:${port}/readyz`))) {
    if (Date.now() > until || child.exitCode !== null) throw new Error('the console did not become ready');
    await sleep(50);
  }
  return child;
}

async function built(): Promise<[program: string, cwd: string]> {
  const { folder } = await buildConsole();
  return [join(folder, 'server.js'), folder];
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}

function delivery(n: number): { body: string; fingerprint: string } {
  const labels = { alertname: 'Bench', service: `service-${n % 50}`, severity: 'page', n: String(n) };
  const fingerprint = createHash('sha256').update(JSON.stringify(labels)).digest('hex').slice(0, 16);
  const alert = {
    status: 'firing',
    labels,
    annotations: { summary: `Service ${n % 50} burns its budget`, description: 'x'.repeat(300) },
    startsAt: new Date().toISOString(),
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: 'http://prometheus:9090/graph?g0.expr=up+%3D%3D+0&g0.tab=1',
    fingerprint,
  };
  const body = {
    version: '4',
    groupKey: `{}:{n="${n}"}`,
    truncatedAlerts: 0,
    status: 'firing',
    receiver: 'quarterdeck',
    groupLabels: { n: String(n) },
    commonLabels: labels,
    commonAnnotations: {},
    externalURL: 'http://alertmanager:9093',
    alerts: [alert],
  };
  return { body: JSON.stringify(body), fingerprint };
}

const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };

async function warmUp(port: number): Promise<void> {
  for (let n = 0; n < 20; n++) {
    const { body } = delivery(-1 - (n % 5));
    const answer = await request(`http://127.0.0.1:${port}/api/hooks/alertmanager`, { method: 'POST', headers, body });
    await answer.body.dump();
    if (answer.statusCode !== 202) throw new Error(`the console answered ${answer.statusCode}`);
  }
}

/** Sends at an even pace, whatever the answers take; resolves when all is accepted. */
async function send(url: string, totalMs: number): Promise<Sent> {
  const agent = new Agent({ connections: 32, headersTimeout: 10_000, bodyTimeout: 10_000 });
  const sent: Sent = { latenciesMs: [], atOnceMs: [], repeated: 0, fingerprints: [], longestWaitMs: 0 };
  const count = Math.round((totalMs / 60_000) * perMinute);
  const startedAt = performance.now();
  const one = async (n: number) => {
    const { body, fingerprint } = delivery(n);
    const firstAt = performance.now();
    let at = firstAt;
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, pauseMs * 2)) {
      const status = await request(`${url}/api/hooks/alertmanager`, {
        method: 'POST',
        headers,
        body,
        dispatcher: agent,
      })
        .then(async (answer) => {
          await answer.body.dump();
          return answer.statusCode;
        })
        .catch(() => 0);
      if (status === 202) {
        sent.latenciesMs.push(performance.now() - at);
        if (at === firstAt) sent.atOnceMs.push(performance.now() - at);
        sent.longestWaitMs = Math.max(sent.longestWaitMs, performance.now() - firstAt);
        sent.fingerprints.push(fingerprint);
        return;
      }
      if (status >= 400 && status < 500) throw new Error(`the console answered ${status}: Alertmanager would give up`);
      sent.repeated += 1;
      await sleep(pauseMs);
      at = performance.now();
    }
  };
  const pending: Promise<void>[] = [];
  for (let n = 0; n < count; n++) {
    const dueAt = startedAt + (n / perMinute) * 60_000;
    if (dueAt > performance.now()) await sleep(dueAt - performance.now());
    pending.push(one(n));
  }
  await Promise.all(pending);
  await agent.close();
  return sent;
}

interface Kept {
  fingerprints: Set<string>;
  alerts: number;
  facts: number;
}

async function kept(databaseUrl: string): Promise<Kept> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const alerts = await client.query<{ fingerprint: string }>(
      `select fingerprint from alert where labels ->> 'n' !~ '^-'`,
    );
    const facts = await client.query<{ count: number }>(`
      select count(*)::int as count from fact
      where subject_kind = 'alert' and subject_id in (select id::text from alert where labels ->> 'n' !~ '^-')`);
    const fingerprints = new Set(alerts.rows.map(({ fingerprint }) => fingerprint));
    return { fingerprints, alerts: alerts.rows.length, facts: facts.rows[0]?.count ?? 0 };
  } finally {
    await client.end();
  }
}
