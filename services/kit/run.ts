import type { AddressInfo } from 'node:net';
import type * as z from 'zod';
import { type BaseConfig, baseShape, ConfigError, loadConfig } from './config.ts';
import { type Dependency, Readiness } from './health.ts';
import { createDrain, handleSignals } from './lifecycle.ts';
import { createLogger, type Logger } from './log.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { type Discovery, registryDiscovery, staticDiscovery } from './registry/discovery.ts';
import { register } from './registry/registration.ts';
import type { Server } from './server.ts';

export interface Toolbox<C> {
  readonly config: C & BaseConfig;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly discovery: Discovery;
  readonly instanceId: string;
}

export interface Composition {
  readonly dependencies?: readonly Dependency[];
  readonly build: (readiness: Readiness) => Promise<Server>;
  /** What must have been done before requests are served, such as migrations; tried until it succeeds. */
  readonly prepare?: () => Promise<void>;
  /** Starts what works in the background, once the service is prepared. */
  readonly start?: () => Promise<void> | void;
  /** What is stopped after the last request, in order. */
  readonly stops?: readonly (() => Promise<void> | void)[];
}

export interface ServiceDefinition<S extends z.ZodRawShape> {
  readonly shape: S;
  /** Services that are called; each may be given by `<NAME>_URL` (a list) when there is no registry. */
  readonly calls?: readonly string[];
  readonly compose: (tools: Toolbox<z.infer<z.ZodObject<S>>>) => Promise<Composition> | Composition;
}

/** Starts a service from its environment and keeps it running until it is told to stop. */
export async function runService<S extends z.ZodRawShape>(definition: ServiceDefinition<S>): Promise<void> {
  const config = readConfig(definition);
  const instanceId = config.SERVICE_INSTANCE_ID ?? `${config.SERVICE_NAME}-${process.pid}`;
  const log = createLogger({
    level: config.LOG_LEVEL,
    service: config.SERVICE_NAME,
    version: config.SERVICE_VERSION,
    instance: instanceId,
    environment: config.DEPLOYMENT_ENVIRONMENT,
    secrets: secretsOf(process.env),
  });
  try {
    await start(definition, config, instanceId, log);
  } catch (error) {
    log.fatal({ err: error }, 'the service could not be started');
    process.exitCode = 1;
    setTimeout(() => process.exit(1), 200);
  }
}

type Config<S extends z.ZodRawShape> = z.infer<z.ZodObject<S>> & BaseConfig;

async function start<S extends z.ZodRawShape>(
  definition: ServiceDefinition<S>,
  config: Config<S>,
  instanceId: string,
  log: Logger,
): Promise<void> {
  const metrics = createMetrics();
  const discovery = await discover(config, definition.calls ?? [], log);
  const composition = await definition.compose({ config, log, metrics, discovery, instanceId });
  const preparation = prepare(composition, log);
  const readiness = new Readiness([...(composition.dependencies ?? []), preparation.dependency], log);
  const app = await composition.build(readiness);
  await app.listen({ host: config.HOST, port: config.PORT });
  const { port } = app.server.address() as AddressInfo;
  await preparation.firstTry;

  let announce = () => {};
  await readiness.start(2_000, () => announce());
  const registration = config.REGISTRY_URL
    ? register({
        url: config.REGISTRY_URL,
        token: config.REGISTRY_TOKEN,
        log,
        service: config.SERVICE_NAME,
        instanceId,
        host: config.ADVERTISED_HOST ?? config.HOST,
        port,
        version: config.SERVICE_VERSION,
        isReady: () => readiness.ready,
      })
    : undefined;
  announce = () => void registration?.announce();

  const drain = createDrain({
    app,
    log,
    readiness,
    registration,
    delayMs: config.DRAIN_DELAY_MS,
    stops: [() => preparation.stop(), ...(composition.stops ?? []), () => discovery.close()],
  });
  handleSignals(drain, log);
  log.info(
    { port, startup_ms: Math.round(process.uptime() * 1000), startup_cpu_ms: cpuMs(), ready: readiness.ready },
    `listening on ${config.HOST}:${port}`,
  );
}

// Unlike the time on the wall, this does not depend on what else the machine is doing.
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return Math.round((user + system) / 1000);
}

interface Preparation {
  readonly dependency: Dependency;
  readonly firstTry: Promise<void>;
  stop(): void;
}

// A database that is away at the start makes the service not ready rather than dead: it says so and goes on trying.
function prepare(composition: Composition, log: Logger): Preparation {
  let error: unknown;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const attempt = async (): Promise<void> => {
    try {
      await composition.prepare?.();
      error = undefined;
      if (!stopped) await composition.start?.();
    } catch (reason) {
      error = reason;
      log.error({ err: reason }, 'the preparation failed, it is tried again');
      if (!stopped) timer = setTimeout(attempt, 1_000);
    }
  };
  return {
    dependency: {
      name: 'preparation',
      check: () => {
        if (error) throw error;
      },
    },
    firstTry: attempt(),
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

function readConfig<S extends z.ZodRawShape>({ shape, calls = [] }: ServiceDefinition<S>): Config<S> {
  try {
    const config = loadConfig({ ...baseShape, ...shape }) as Config<S>;
    if (!config.REGISTRY_URL) requireAddresses(calls);
    return config;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

function addressVariable(service: string): string {
  return `${service.toUpperCase()}_URL`;
}

function requireAddresses(calls: readonly string[]): void {
  const missing = calls.filter((service) => !process.env[addressVariable(service)]);
  if (missing.length === 0) return;
  throw new ConfigError(
    missing.map(
      (service) => `${addressVariable(service)} is missing; expected the address of ${service}, or REGISTRY_URL`,
    ),
  );
}

async function discover(config: BaseConfig, calls: readonly string[], log: Logger): Promise<Discovery> {
  if (config.REGISTRY_URL) return registryDiscovery({ url: config.REGISTRY_URL, token: config.REGISTRY_TOKEN, log });
  return staticDiscovery(
    Object.fromEntries(calls.map((service) => [service, process.env[addressVariable(service)]?.split(',')])),
  );
}

/** Values of the environment that are secrets by their names, and the passwords of its URLs. */
export function secretsOf(env: Readonly<Record<string, string | undefined>>): string[] {
  const secrets: string[] = [];
  for (const [name, value] of Object.entries(env)) {
    if (!value) continue;
    if (/(TOKEN|SECRET|PASSWORD|API_KEYS?|HEADERS)$/.test(name)) {
      secrets.push(value, ...value.split(',').map((part) => part.slice(part.search(/[:=]/) + 1).trim()));
    }
    if (/_URL$/.test(name) && URL.canParse(value)) {
      const { password } = new URL(value);
      if (password) secrets.push(password, decodeURIComponent(password));
    }
  }
  return secrets;
}
