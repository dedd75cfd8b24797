import { readFileSync } from 'node:fs';
import * as z from 'zod';

const serviceName = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'must be lower-case letters, digits and "-"');

const workload = z
  .object({
    service: serviceName,
    version: z.string().min(1),
    command: z.string().min(1),
    args: z.array(z.string()).default([]),
    cwd: z.string().optional(),
    env: z.record(z.string(), z.string()).default({}),
    replicas: z.object({
      default: z.int().min(0),
      min: z.int().min(0).default(0),
      max: z.int().min(1).default(10),
    }),
    /** Answers 2xx when a replica may get requests. */
    readyPath: z.string().startsWith('/').default('/readyz'),
    startTimeoutMs: z.int().min(100).default(30_000),
    /** How long a replica may take to finish what is in flight before it is killed. */
    drainMs: z.int().min(0).default(13_000),
    /** A fixed port that spreads connections over the ready replicas. */
    ingressPort: z.int().min(1).max(65_535).optional(),
  })
  .refine((one) => one.replicas.min <= one.replicas.default && one.replicas.default <= one.replicas.max, {
    path: ['replicas'],
    message: 'must have min ≤ default ≤ max',
  });

const supervisor = z.object({
  version: z.string().min(1),
  environment: z.string().min(1),
  port: z.int().min(0).max(65_535),
  stateFile: z.string().min(1),
  logFolder: z.string().min(1),
  workloads: z.array(workload),
});

const tokens = z.object({
  SUPERVISOR_TOKEN: z.string().min(16, 'must have at least 16 characters'),
  REGISTRY_TOKEN: z.string().min(16, 'must have at least 16 characters'),
  METRICS_TOKEN: z.string().min(16, 'must have at least 16 characters'),
});

export type WorkloadSpec = z.infer<typeof workload>;
export type SupervisorConfig = z.infer<typeof supervisor> & {
  tokens: { control: string; registry: string; metrics: string };
};

/** What a workload looks like before defaults are filled in. */
export type WorkloadInput = z.input<typeof workload>;
export type SupervisorInput = z.input<typeof supervisor>;

/** Reads the configuration file and the tokens of the environment; throws with every problem, each with its field. */
export function readSupervisorConfig(file: string, env: NodeJS.ProcessEnv = process.env): SupervisorConfig {
  const fromFile = supervisor.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  const fromEnv = tokens.safeParse(env);
  if (fromFile.success && fromEnv.success) {
    const { SUPERVISOR_TOKEN: control, REGISTRY_TOKEN: registry, METRICS_TOKEN: metrics } = fromEnv.data;
    return { ...fromFile.data, tokens: { control, registry, metrics } };
  }
  const problems = [...(fromFile.error?.issues ?? []), ...(fromEnv.error?.issues ?? [])].map(
    (issue) => `${issue.path.join('.')}: ${issue.message}`,
  );
  throw new Error(`The supervisor's configuration is not usable:\n  ${problems.join('\n  ')}`);
}
