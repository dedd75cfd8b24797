import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { repositoryRoot } from './folders.ts';

export type DemoOptions = {
  /** Absolute path of the data folder. */
  dataDir: string;
  /** Port of the console; another is taken when it is not free. 0 takes any. */
  port: number | undefined;
  /** Requests per second of the traffic. */
  ratePerSecond: number;
  traffic: boolean;
  /** Whether a fresh Prometheus gets generated history. */
  history: boolean;
  reset: boolean;
};

/** A mistake in the command line, in words. */
export class UsageError extends Error {}

export const usage = `Usage: npm run demo -- [options]

Brings up the whole one-machine stack and prints its address.

  --port N       port of the console (3000; a free one when it is taken, or for 0)
  --data DIR     data folder (.quarterdeck)
  --rate N       requests per second of the traffic (20)
  --no-traffic   no traffic
  --no-history   no generated history: a fresh Prometheus starts empty
  --reset        forget all data of the folder first
  --help         this text

A part is not started when its address is in the environment: DATABASE_URL (with DATABASE_OWNER_URL,
DATABASE_WORKER_URL, DATABASE_RECEIVER_URL), FLEET_DATABASE_URL, REDIS_URL, PROMETHEUS_URL, ALERTMANAGER_URL, OTLP_URL,
SUPERVISOR_URL (with SUPERVISOR_TOKEN and GATEWAY_URL). QD_CACHE is where downloads are kept.
`;

function wholeNumber(name: string, text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < least || value > most) {
    throw new UsageError(`--${name} must be a whole number from ${least} to ${most}, not "${text}".`);
  }
  return value;
}

/** Reads the command line of the demo; 'help' when that is asked for. Throws UsageError. */
export function parseOptions(args: readonly string[], cwd: string = repositoryRoot): DemoOptions | 'help' {
  let values: ReturnType<typeof parse>['values'];
  try {
    values = parse(args).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('. ')[0]}.`);
  }
  if (values.help) return 'help';
  if (values.data === '') throw new UsageError('--data must be a folder.');
  return {
    dataDir: resolve(cwd, values.data ?? '.quarterdeck'),
    port: wholeNumber('port', values.port, 0, 65_535),
    ratePerSecond: wholeNumber('rate', values.rate, 1, 5_000) ?? 20,
    traffic: !values['no-traffic'],
    history: !values['no-history'],
    reset: values.reset ?? false,
  };
}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    strict: true,
    allowPositionals: false,
    options: {
      port: { type: 'string' },
      data: { type: 'string' },
      rate: { type: 'string' },
      'no-traffic': { type: 'boolean' },
      'no-history': { type: 'boolean' },
      reset: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
}
