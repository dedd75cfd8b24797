import pg from 'pg';
import { createAlertmanager } from '#lib/adapters/alertmanager/index.ts';
import { LogSourceError, logSources } from '#lib/adapters/logs/index.ts';
import { prometheusSources } from '#lib/adapters/prometheus/index.ts';
import { TraceSourceError, traceSources } from '#lib/adapters/traces/index.ts';
import { config } from '#lib/core/config.ts';

export interface Probe {
  id: string;
  name: string;
  kind: string;
  usedFor: string;
  url: string | null;
  setting: string;
  required: boolean;
  /** Asks the engine how it is; its version where it says one. Throws with a sentence. */
  ask: ((signal: AbortSignal) => Promise<string | null>) | null;
}

async function json(url: string, path: string, signal: AbortSignal, token?: string): Promise<Record<string, unknown>> {
  const response = await fetch(new URL(path, url.endsWith('/') ? url : `${url}/`), {
    signal,
    redirect: 'error',
    headers: token ? { authorization: `Bearer ${token}` } : {},
  });
  if (!response.ok) throw new Error(`answered ${response.status}`);
  const text = await response.text();
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

async function postgresVersion(): Promise<string | null> {
  const client = new pg.Client({
    connectionString: config().DATABASE_DIRECT_URL ?? config().DATABASE_URL,
    connectionTimeoutMillis: 3_000,
    query_timeout: 3_000,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ server_version: string }>('show server_version');
    return rows[0]?.server_version.split(' ')[0] ?? null;
  } finally {
    await client.end().catch(() => undefined);
  }
}

const shown = (url: string | undefined) => {
  if (!url) return null;
  const parsed = new URL(url);
  parsed.username = '';
  parsed.password = '';
  return parsed.toString().replace(/\/$/, '');
};

/** The sentence of the error alone: the name of the source is said beside it. */
function withoutName(error: unknown): never {
  const isOurs = error instanceof TraceSourceError || error instanceof LogSourceError;
  throw isOurs ? new Error(error.detail, { cause: error.cause }) : error;
}

/** Each member of Alertmanager's cluster by itself: the others hide that one is down. */
function alertmanagerProbes(): Probe[] {
  const settings = config();
  const base = {
    kind: 'alertmanager',
    usedFor: 'Routing and silencing of alerts',
    setting: 'ALERTMANAGER_URL',
    required: false,
  };
  const members = settings.ALERTMANAGER_URL;
  if (members.length === 0) return [{ ...base, id: 'alertmanager', name: 'Alertmanager', url: null, ask: null }];
  return members.map((member) => ({
    ...base,
    id: members.length === 1 ? 'alertmanager' : `alertmanager-${member.name}`,
    name: members.length === 1 ? 'Alertmanager' : `Alertmanager ${member.name}`,
    url: shown(member.url),
    ask: async (signal) => {
      const one = createAlertmanager({
        members: [member],
        token: settings.ALERTMANAGER_TOKEN,
        tenant: settings.ALERTMANAGER_TENANT,
        timeoutMs: settings.ALERTMANAGER_TIMEOUT_SECONDS * 1_000,
      });
      const [told] = await one.members({ signal });
      if (told?.state !== 'ok') throw new Error(told?.error ?? 'it does not answer');
      return told.version;
    },
  }));
}

/** Every engine that this console knows of, configured or not, and how to ask it. */
export function sourceProbes(): Probe[] {
  const { DATABASE_URL, SUPERVISOR_URL, SUPERVISOR_TOKEN, OTLP_URL } = config();
  const metrics = prometheusSources();
  return [
    {
      id: 'postgres',
      name: 'Postgres',
      kind: 'postgres',
      usedFor: 'People, audit, what changed, and everything that Quarterdeck itself keeps',
      url: shown(DATABASE_URL),
      setting: 'DATABASE_URL',
      required: true,
      ask: postgresVersion,
    },
    ...(metrics.length > 0
      ? metrics.map((engine) => ({
          id: engine.source.id,
          name: engine.source.name,
          kind: 'prometheus',
          usedFor: 'Rate, errors, duration, replicas and every chart',
          url: shown(engine.source.url),
          setting: 'PROMETHEUS_URL',
          required: true,
          ask: async (signal: AbortSignal) => (await engine.buildInfo({ signal })).version,
        }))
      : [
          {
            id: 'prometheus',
            name: 'Prometheus',
            kind: 'prometheus',
            usedFor: 'Rate, errors, duration, replicas and every chart',
            url: null,
            setting: 'PROMETHEUS_URL',
            required: true,
            ask: null,
          },
        ]),
    ...alertmanagerProbes(),
    {
      id: 'supervisor',
      name: 'Supervisor',
      kind: 'orchestrator',
      usedFor: 'Replicas of the fleet: which run, and where',
      url: shown(SUPERVISOR_URL),
      setting: 'SUPERVISOR_URL',
      required: false,
      ask: SUPERVISOR_URL
        ? async (signal) => {
            const { version } = await json(SUPERVISOR_URL, 'v1/version', signal, SUPERVISOR_TOKEN);
            return typeof version === 'string' ? version : null;
          }
        : null,
    },
    {
      id: 'receiver',
      name: 'Receiver',
      kind: 'otlp',
      usedFor: 'Traces and logs of the fleet, kept in Postgres',
      url: shown(OTLP_URL),
      setting: 'OTLP_URL',
      required: false,
      ask: OTLP_URL
        ? async (signal) => {
            const { version } = await json(OTLP_URL, 'readyz', signal);
            return typeof version === 'string' ? version : null;
          }
        : null,
    },
    // What the receiver keeps stands above, as receiver and as Postgres.
    ...traceSources()
      .filter(({ source }) => source.kind !== 'embedded')
      .map((traces) => ({
        id: `traces-${traces.source.id}`,
        name: traces.source.name,
        kind: traces.source.kind,
        usedFor: 'Traces',
        url: shown(traces.source.url ?? undefined),
        setting: 'TRACES_URL',
        required: false,
        ask: (signal: AbortSignal) => traces.version({ signal }).catch(withoutName),
      })),
    ...logSources()
      .filter(({ source }) => source.kind !== 'embedded')
      .map((logs) => ({
        id: `logs-${logs.source.id}`,
        name: logs.source.name,
        kind: logs.source.kind,
        usedFor: 'Logs',
        url: shown(logs.source.url ?? undefined),
        setting: 'LOGS_URL',
        required: false,
        ask: (signal: AbortSignal) => logs.version({ signal }).catch(withoutName),
      })),
  ];
}
