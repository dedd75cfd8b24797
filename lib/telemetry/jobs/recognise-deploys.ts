import {
  alignGrid,
  isPrometheusError,
  prometheusSources,
  selector,
  sumByService,
  targetService,
  union,
} from '#lib/adapters/prometheus/index.ts';
import { jobActor } from '#lib/core/actor.ts';
import { contextFor } from '#lib/core/context.ts';
import type { JobContext } from '#lib/core/define-job.ts';
import { withTransaction } from '#lib/db/index.ts';
import { appendFact, listFacts } from '#lib/facts/index.ts';
import { engineFor } from '../engine.ts';
import { listEnvironments } from '../list-environments.ts';
import { type RecognisedDeploy, recogniseDeploys } from '../recognise-deploys.ts';

const lookBackMs = 30 * 60_000;
/** A deploy that CI reports and its first sample are one and the same within this time. */
const sameMs = 15 * 60_000;
const actor = { ...jobActor('telemetry.recognise-deploys'), name: 'Metrics' };

/** Records as facts the deploys that show in `service_version` and that nobody has reported. */
export default async function run({ signal, log }: JobContext): Promise<void> {
  if (prometheusSources().length === 0) return;
  const { items } = await listEnvironments(signal);
  for (const { name } of items) {
    try {
      for (const deploy of await deploysIn(name, signal)) {
        if (await record(name, deploy)) log.info({ environment: name, ...deploy }, 'deploy recognised');
      }
    } catch (error) {
      if (!isPrometheusError(error)) throw error;
      log.debug({ err: error, environment: name }, 'deploys could not be looked for');
    }
  }
}

async function deploysIn(environment: string, signal: AbortSignal): Promise<RecognisedDeploy[]> {
  const { prometheus, matchers, workloads } = await engineFor(environment, signal);
  const has = (metric: 'up' | 'target_info') => workloads.has(metric);
  const arms = [
    ...(has('up') ? [sumByService(selector('up', matchers), targetService, ['service_version'])] : []),
    ...(has('target_info')
      ? [sumByService(selector('target_info', matchers), targetService, ['service_version'], 'count')]
      : []),
  ];
  if (arms.length === 0) return [];
  const stepMs = Math.max(prometheus.source.scrapeIntervalMs, 10_000);
  const toMs = Date.now();
  const grid = alignGrid({ fromMs: toMs - lookBackMs, toMs, stepMs });
  const { series } = await prometheus.rangeQuery(union(arms), grid, { signal });
  return recogniseDeploys(series);
}

async function record(environment: string, deploy: RecognisedDeploy): Promise<boolean> {
  const { service, version, previousVersion, atMs } = deploy;
  const known = await listFacts({
    ctx: contextFor(actor),
    query: {
      env: environment,
      service,
      kind: ['deploy'],
      from: new Date(atMs - sameMs).toISOString(),
      to: new Date(atMs + sameMs).toISOString(),
      limit: 100,
    },
  });
  if (known.items.some(({ payload }) => payload.version === version)) return false;
  const id = await withTransaction((tx) =>
    appendFact(tx, {
      environment,
      kind: 'deploy',
      services: [service],
      startAt: new Date(atMs),
      actor,
      subject: { kind: 'service', id: service },
      title: `Deploy of ${service} ${version}`,
      payload: { version, previousVersion, recognisedFrom: 'service_version' },
      source: 'metrics',
      idempotencyKey: `deploy:${environment}:${service}:${version}:${Math.floor(atMs / sameMs)}`,
    }),
  );
  return id !== null;
}
