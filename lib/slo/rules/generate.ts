import { AppError } from '#lib/core/errors.ts';
import { canonicalJson, sha256 } from '#lib/core/hash.ts';
import { once } from '#lib/core/registry.ts';
import { recordedWindows } from '../burn-rules.ts';
import { CounterQueryError } from '../counter-query.ts';
import { compileIndicator } from '../indicator.ts';
import type { StoredSlo } from '../store.ts';
import { alertsOf, watchdog } from './alerts.ts';
import { objectionTo } from './check.ts';
import type { Rule, RuleGroup, RuleOptions, SetAside } from './model.ts';
import { intervalOf, type Pace, paces } from './pace.ts';
import { recordingsOf } from './recordings.ts';
import { groupsToYaml } from './yaml.ts';

export interface GeneratedRules {
  groups: RuleGroup[];
  /** The rule file. */
  yaml: string;
  setAside: SetAside[];
  /** Of all rules: 16 hexadecimal digits, which name a group in the file, so that one can see that it is loaded. */
  hash: string;
  /** Whose rule it is. */
  ownerOf: (rule: Rule) => SloIdentity | null;
}

export type SloIdentity = Pick<SetAside, 'environment' | 'name'>;

/** The group by whose name an engine tells which file it runs. */
const hashPrefix = 'quarterdeck-slo-rules-';
export const hashGroup = (hash: string) => `${hashPrefix}${hash}`;
export const hashOfGroup = (name: string) => (name.startsWith(hashPrefix) ? name.slice(hashPrefix.length) : null);

const header = `# Made by Quarterdeck from its SLOs. Do not edit: it is written anew when an SLO changes.
`;

/**
 * The rules of SLOs: what is recorded, in groups by service and pace, so that one slow SLO delays only those of its own
 * service, with the alerts that read it after it. An SLO whose rules would not load is set aside with the reason.
 */
export function rulesFor(slos: readonly StoredSlo[], options: RuleOptions): GeneratedRules {
  const setAside: SetAside[] = [];
  const groups = new Map<string, RuleGroup & { alerts: Rule[] }>();
  const seen = new Set<string>();
  const owners = new Map<Rule, SloIdentity>();
  for (const slo of slos) {
    const rules = rememberedRules(slo, options);
    const identity = JSON.stringify([slo.environment, slo.name]);
    const reason = 'reason' in rules ? rules.reason : seen.has(identity) ? 'There is another SLO of this name.' : null;
    if (reason !== null || 'reason' in rules) {
      setAside.push({ environment: slo.environment, name: slo.name, reason: reason ?? '' });
      continue;
    }
    seen.add(identity);
    for (const pace of paces) {
      for (const rule of [...rules[pace].recordings, ...rules[pace].alerts]) owners.set(rule, slo);
      const name = `quarterdeck-slo/${slo.environment}/${slo.service}/${pace}`;
      const intervalMs = intervalOf(pace, options.scrapeIntervalMs);
      const group = groups.get(name) ?? { name, intervalMs, rules: [], alerts: [] };
      group.rules.push(...rules[pace].recordings);
      group.alerts.push(...rules[pace].alerts);
      groups.set(name, group);
    }
  }
  const ofSlos = [...groups.values()].map(({ alerts, ...group }) => ({ ...group, rules: [...group.rules, ...alerts] }));
  const all = [watchGroup(options), ...ofSlos];
  const body = groupsToYaml(all);
  const hash = sha256(body).slice(0, 16);
  const info = infoGroup(hash, options);
  return {
    groups: [info, ...all],
    yaml: header + groupsToYaml([info]) + body.replace('groups:\n', ''),
    setAside,
    hash,
    ownerOf: (rule) => owners.get(rule) ?? null,
  };
}

type RulesByPace = Record<Pace, { recordings: Rule[]; alerts: Rule[] }>;

const mostRemembered = 5_000;

/** The same again for an SLO about which nothing changed: checking its expressions takes milliseconds each. */
function rememberedRules(slo: StoredSlo, options: RuleOptions): Made {
  const { environmentLabel, publicUrl, scrapeIntervalMs, source, serviceOf, isRecorded } = options;
  const about = [
    [slo.environment, slo.name, slo.service, slo.definition],
    [environmentLabel, publicUrl, scrapeIntervalMs, source ?? null, serviceOf?.(slo.environment, slo.service) ?? null],
    recordedWindows(slo.definition).map((windowMs) => isRecorded?.(slo, windowMs) ?? false),
  ];
  const remembered = once('slo.rules-made', () => new Map<string, Made>());
  const key = sha256(canonicalJson(about));
  const made = remembered.get(key) ?? rulesOf(slo, options);
  remembered.delete(key);
  remembered.set(key, made);
  for (const oldest of remembered.keys()) {
    if (remembered.size <= mostRemembered) break;
    remembered.delete(oldest);
  }
  return made;
}

type Made = RulesByPace | { reason: string };

/** The rules of one SLO by pace, or why there are none. */
function rulesOf(slo: StoredSlo, options: RuleOptions): Made {
  try {
    const indicator = compileIndicator(slo.definition, options.source);
    const made = Object.fromEntries(
      paces.map((pace) => [
        pace,
        {
          recordings: recordingsOf(slo, indicator, pace, options),
          alerts: alertsOf(slo, indicator, pace, options),
        },
      ]),
    ) as RulesByPace;
    const reason = objectionTo(
      slo,
      paces.flatMap((pace) => [...made[pace].recordings, ...made[pace].alerts]),
    );
    return reason === null ? made : { reason };
  } catch (error) {
    return { reason: reasonOf(error) };
  }
}

/** One bad SLO must not keep the others from being watched, whatever is wrong with it. */
function reasonOf(error: unknown): string {
  if (error instanceof AppError) return error.detail;
  if (error instanceof CounterQueryError) return error.message;
  return `Its rules cannot be made: ${error instanceof Error ? error.message : 'something is wrong with it'}`;
}

const watchGroup = (options: RuleOptions): RuleGroup => ({
  name: 'quarterdeck-watchdog',
  intervalMs: intervalOf('fast', options.scrapeIntervalMs),
  rules: [watchdog(options)],
});

const infoGroup = (hash: string, options: RuleOptions): RuleGroup => ({
  name: hashGroup(hash),
  intervalMs: intervalOf('medium', options.scrapeIntervalMs),
  rules: [{ record: 'slo_rules_info', expr: 'vector(1)', labels: { hash } }],
});
