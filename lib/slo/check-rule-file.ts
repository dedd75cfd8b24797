import { objectionOfEngine, type Prometheus } from '#lib/adapters/prometheus/index.ts';
import { once } from '#lib/core/registry.ts';
import { objectionOfPromtool } from './promtool.ts';
import { type GeneratedRules, rulesFor } from './rules/generate.ts';
import type { Rule, RuleOptions, SetAside } from './rules/model.ts';
import type { StoredSlo } from './store.ts';

const keyOf = ({ environment, name }: { environment: string; name: string }) => JSON.stringify([environment, name]);

/** The rules of all but some SLOs, which are set aside with what was found wrong with them. */
export function rulesWithout(slos: readonly StoredSlo[], refused: readonly SetAside[], options: RuleOptions) {
  const out = new Set(refused.map(keyOf));
  const made = rulesFor(
    slos.filter((slo) => !out.has(keyOf(slo))),
    options,
  );
  return { ...made, setAside: [...made.setAside, ...refused] };
}

/** The expressions in which a person's own text stands; all others are ours. */
const isRaw = (rule: Rule) => 'record' in rule && /^slo:sli_(bad|total):rate5m$/.test(rule.record);

/**
 * SLOs whose expressions the engine does not accept, although they parse: a wrong type, a function that it does not
 * know. Only what is new is asked about.
 */
export async function refusedByEngine(
  { groups, ownerOf }: GeneratedRules,
  prometheus: Prometheus,
  signal?: AbortSignal,
): Promise<SetAside[]> {
  const accepted = once('slo.accepted-expressions', () => new Set<string>());
  const refused = new Map<string, SetAside>();
  for (const rule of groups.flatMap(({ rules }) => rules)) {
    const owner = ownerOf(rule);
    if (!owner || !isRaw(rule) || accepted.has(rule.expr) || refused.has(keyOf(owner))) continue;
    const objection = await objectionOfEngine(prometheus.source, rule.expr, signal);
    if (objection === null) accepted.add(rule.expr);
    else {
      const { environment, name } = owner;
      refused.set(keyOf(owner), { environment, name, reason: `Prometheus does not accept its query: ${objection}` });
    }
  }
  return [...refused.values()];
}

/** What promtool finds, by SLO; `others` is what belongs to none. */
export async function refusedByPromtool(
  file: string,
  { groups, ownerOf }: GeneratedRules,
): Promise<{ slos: SetAside[]; others: string[] }> {
  const slos = new Map<string, SetAside>();
  const others: string[] = [];
  for (const line of (await objectionOfPromtool(file)) ?? []) {
    const [, groupName, index] = /group ("(?:[^"\\]|\\.)*"), rule (\d+)/.exec(line) ?? [];
    const group = groups.find(({ name }) => JSON.stringify(name) === groupName);
    const rule = group?.rules[Number(index) - 1];
    const owner = rule ? ownerOf(rule) : null;
    if (!owner) others.push(line);
    else if (!slos.has(keyOf(owner))) {
      const reason = `Prometheus would not load its rules: ${line.replace(/^.*rule \d+, /, '')}`;
      slos.set(keyOf(owner), { environment: owner.environment, name: owner.name, reason });
    }
  }
  return { slos: [...slos.values()], others };
}
