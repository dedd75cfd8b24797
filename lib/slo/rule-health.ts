import type { Prometheus, RuleGroup } from '#lib/adapters/prometheus/index.ts';
import { type GeneratedRules, hashOfGroup } from './rules/generate.ts';
import type { SetAside } from './rules/model.ts';

/** What an engine runs of our rules. */
export interface RunningRules {
  /** Of the rules that it runs; null where it runs none of ours. */
  hash: string | null;
  /** SLOs with a rule that the engine cannot evaluate. */
  failing: SetAside[];
  /** Groups that take longer than the time between two evaluations. */
  late: string[];
}

/** Looks at what the engine runs; its rules belong to SLOs by their place in the file that was made. */
export async function seeRunning(
  prometheus: Prometheus,
  made: GeneratedRules,
  signal?: AbortSignal,
): Promise<RunningRules> {
  const { data } = await prometheus.rules({ signal, ttlMs: 0 });
  return readRunning(data, made);
}

export function readRunning(running: readonly RuleGroup[], { groups, ownerOf, hash }: GeneratedRules): RunningRules {
  const hashes = running.flatMap(({ name }) => hashOfGroup(name) ?? []);
  const failing = new Map<string, SetAside>();
  const late: string[] = [];
  for (const { name, rules, evaluationSeconds, intervalSeconds } of running) {
    const ours = groups.find((group) => group.name === name);
    if (!ours) continue;
    if (evaluationSeconds > intervalSeconds && intervalSeconds > 0) late.push(name);
    for (const [index, { health, lastError, name: ruleName }] of rules.entries()) {
      const rule = ours.rules[index];
      const owner = rule ? ownerOf(rule) : null;
      if (health !== 'err' || !owner || failing.has(`${owner.environment}/${owner.name}`)) continue;
      const reason = `Prometheus cannot evaluate ${ruleName}: ${lastError ?? 'it does not say why'}`;
      failing.set(`${owner.environment}/${owner.name}`, { environment: owner.environment, name: owner.name, reason });
    }
  }
  return { hash: hashes.includes(hash) ? hash : (hashes[0] ?? null), failing: [...failing.values()], late };
}
