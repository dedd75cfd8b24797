import type { DataFolder } from '../data-folder.ts';
import { cacheFolder } from '../folders.ts';
import type { DemoOptions } from '../options.ts';
import { openPortBook } from '../ports.ts';
import type { Secrets } from '../secrets.ts';

export const partNames = [
  'postgres',
  'redis',
  'prometheus',
  'alertmanager',
  'supervisor',
  'gateway',
  'receiver',
  'worker',
] as const;

/** Addresses that came with the environment. */
export type External = {
  databaseUrl?: string;
  fleetDatabaseUrl?: string;
  redisUrl?: string;
  prometheusUrl?: string;
  alertmanagerUrl?: string;
  otlpUrl?: string;
  supervisorUrl?: string;
};

/** All that the parts of one stack share. */
export type Stack = {
  options: DemoOptions;
  data: DataFolder;
  cache: string;
  secrets: Secrets;
  external: External;
  environment: string;
  ports: Record<(typeof partNames)[number] | 'console', number>;
  urls: {
    superuser: string;
    web: string;
    owner: string;
    worker: string;
    receiver: string;
    /** The database of the fleet, as the superuser of its server. */
    fleetAdmin: string;
    /** Undefined until Redis is there, and when it could not be had. */
    redis: string | undefined;
    prometheus: string;
    alertmanager: string;
    supervisor: string;
    supervisorToken: string;
    otlp: string;
    gateway: string;
    console: string;
  };
  /** One line on the terminal. */
  say(line: string): void;
};

const consolePort = 3000;

/** Reads the addresses that replace parts; empty variables count as absent. */
export function readExternal(env: NodeJS.ProcessEnv): External {
  return {
    databaseUrl: env.DATABASE_URL || undefined,
    fleetDatabaseUrl: env.FLEET_DATABASE_URL || undefined,
    redisUrl: env.REDIS_URL || undefined,
    prometheusUrl: env.PROMETHEUS_URL || undefined,
    alertmanagerUrl: env.ALERTMANAGER_URL || undefined,
    otlpUrl: env.OTLP_URL || undefined,
    supervisorUrl: env.SUPERVISOR_URL || undefined,
  };
}

/** Chooses every port and address of a stack before anything starts. */
export async function layOut(
  options: DemoOptions,
  data: DataFolder,
  secrets: Secrets,
  say: (line: string) => void,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Stack> {
  const external = readExternal(env);
  const book = openPortBook(data.at('ports.json'));
  const usual = options.port === 0 ? undefined : consolePort;
  const ports = { console: await book.choose('console', options.port || undefined, usual) } as Stack['ports'];
  for (const name of partNames) ports[name] = await book.choose(name);
  if (options.port && ports.console !== options.port) {
    say(`Port ${options.port} is taken; the console listens on ${ports.console}.`);
  }
  const local = (name: keyof Stack['ports']) => `http://127.0.0.1:${ports[name]}`;
  const postgres = (user: string, password: string, database: string) =>
    `postgresql://${user}:${encodeURIComponent(password)}@127.0.0.1:${ports.postgres}/${database}`;
  const own = secrets.postgres;
  const database = external.databaseUrl;
  return {
    options,
    data,
    cache: cacheFolder(env),
    secrets,
    external,
    environment: 'production',
    ports,
    urls: {
      superuser: postgres('postgres', own.superuser, 'postgres'),
      web: database ?? postgres('quarterdeck_web', own.web, 'quarterdeck'),
      owner: database ? env.DATABASE_OWNER_URL || database : postgres('quarterdeck_owner', own.owner, 'quarterdeck'),
      worker: database
        ? env.DATABASE_WORKER_URL || database
        : postgres('quarterdeck_worker', own.worker, 'quarterdeck'),
      receiver: database
        ? env.DATABASE_RECEIVER_URL || database
        : postgres('quarterdeck_receiver', own.receiver, 'quarterdeck'),
      fleetAdmin: external.fleetDatabaseUrl ?? postgres('postgres', own.superuser, 'fleet'),
      redis: external.redisUrl,
      prometheus: external.prometheusUrl ?? local('prometheus'),
      alertmanager: external.alertmanagerUrl ?? local('alertmanager'),
      supervisor: external.supervisorUrl ?? local('supervisor'),
      supervisorToken: external.supervisorUrl ? (env.SUPERVISOR_TOKEN ?? '') : secrets.supervisor,
      otlp: external.otlpUrl ?? local('receiver'),
      gateway: external.supervisorUrl ? (env.GATEWAY_URL ?? '') : local('gateway'),
      console: local('console'),
    },
    say,
  };
}
