import { type Prometheus, prometheusSources, reloadPrometheus } from '#lib/adapters/prometheus/index.ts';
import { AppError } from '#lib/core/errors.ts';
import { refusedByEngine, refusedByPromtool, rulesWithout } from './check-rule-file.ts';
import { fileTrouble, readRuleFile, removeRuleFile, ruleFileName, writeRuleFile } from './rule-file.ts';
import { type RunningRules, seeRunning } from './rule-health.ts';
import type { StoredRules } from './rule-store.ts';
import type { GeneratedRules } from './rules/generate.ts';
import type { RuleOptions, SetAside } from './rules/model.ts';
import type { StoredSlo } from './store.ts';

export interface WriteInput {
  slos: readonly StoredSlo[];
  options: RuleOptions;
  /** `RULES_DIR`. */
  folder: string | undefined;
  before: StoredRules;
  /** A text that was refused and is not to be tried again yet. */
  refusedHash: string | null;
  now: Date;
  signal?: AbortSignal;
}

type Seen = Pick<StoredRules, 'state' | 'detail'> & { loaded: boolean; setAside: SetAside[]; written?: boolean };

/** A text that none of our checks let through: nothing of it is written. */
class Refused extends Error {}

/**
 * Brings the rules of all SLOs to Prometheus: makes them, has them checked, writes the file where it changed, has it
 * loaded, and looks whether it runs. What is refused leaves the file as it was. Never throws for what the file system
 * or Prometheus do: the state says it.
 */
export async function bringRules(input: WriteInput): Promise<StoredRules> {
  const { before, now, folder } = input;
  const prometheus = prometheusSources()[0] ?? null;
  const { made, seen } =
    folder === undefined ? await offered(input, prometheus) : await written(input, folder, prometheus);
  const isSame = before.hash === made.hash;
  return {
    ...before,
    hash: made.hash,
    state: seen.state,
    detail: seen.detail,
    setAside: [
      ...made.setAside.map((one) => ({ ...one, isRunning: false })),
      ...seen.setAside.map((one) => ({ ...one, isRunning: true })),
    ],
    writtenAt: seen.written ? now : isSame ? before.writtenAt : null,
    loadedAt: seen.loaded ? ((isSame ? before.loadedAt : null) ?? now) : null,
    checkedAt: now,
  };
}

/** Without a folder somebody else loads the file: whether it runs can still be seen. */
async function offered({ slos, options, signal }: WriteInput, prometheus: Prometheus | null) {
  const made = rulesWithout(slos, [], options);
  const none = 'RULES_DIR is not set, so no rules are written.';
  const offer = 'Download the file and have Prometheus load it, or set RULES_DIR.';
  const running = prometheus ? await look(prometheus, made, signal) : null;
  if (running && 'hash' in running && running.hash === made.hash) {
    return {
      made,
      seen: loadedSeen(running, 'Prometheus runs the rules of all SLOs; they are loaded by other means.'),
    };
  }
  const older = running && 'hash' in running && running.hash !== null;
  const detail = older ? `${none} Prometheus runs older ones. ${offer}` : `${none} ${offer}`;
  return { made, seen: { state: 'not_configured', detail, loaded: false, setAside: [] } satisfies Seen };
}

async function written(input: WriteInput, folder: string, prometheus: Prometheus | null) {
  const { slos, options, signal } = input;
  let old: string | null;
  try {
    old = await readRuleFile(folder);
  } catch (error) {
    return { made: rulesWithout(slos, [], options), seen: failed(fileTrouble(error, folder)) };
  }
  let made = rulesWithout(slos, [], options);
  if (prometheus && old !== made.yaml) {
    const refused = await refusedByEngine(made, prometheus, signal);
    if (refused.length > 0) made = rulesWithout(slos, refused, options);
  }
  if (made.hash === input.refusedHash) {
    const { state, detail } = input.before;
    return { made, seen: { state, detail, loaded: false, setAside: [] } satisfies Seen };
  }
  const isNew = old !== made.yaml;
  if (isNew) {
    try {
      made = await writeChecked(folder, made, input);
    } catch (error) {
      const seen = error instanceof Refused ? refusedSeen(error.message) : failed(fileTrouble(error, folder));
      return { made, seen };
    }
  }
  const seen = await load(folder, old, made, prometheus, isNew, signal);
  return { made, seen: { ...seen, written: isNew && seen.state !== 'refused' } };
}

/** Writes what promtool lets through, without the SLOs that it objects to. */
async function writeChecked(folder: string, first: GeneratedRules, input: WriteInput): Promise<GeneratedRules> {
  let made = first;
  for (let round = 0; round < 3; round++) {
    let refused: SetAside[] = [];
    const check = async (file: string) => {
      const { slos, others } = await refusedByPromtool(file, made);
      refused = slos;
      if (slos.length > 0 || others.length > 0) throw new Refused(others[0] ?? slos[0]?.reason);
    };
    try {
      await writeRuleFile(folder, made.yaml, check);
      return made;
    } catch (error) {
      if (!(error instanceof Refused) || refused.length === 0) throw error;
      made = rulesWithout(input.slos, [...made.setAside, ...refused], input.options);
    }
  }
  throw new Refused('promtool refuses it still without the SLOs that it objected to.');
}

/** Has the file loaded where the engine does not run it yet; puts the old one back where the new one is refused. */
async function load(
  folder: string,
  old: string | null,
  made: GeneratedRules,
  prometheus: Prometheus | null,
  isNew: boolean,
  signal: AbortSignal | undefined,
): Promise<Seen> {
  const where = `The rules are in ${folder}/${ruleFileName}`;
  if (!prometheus) return waiting(`${where}. Whether they run is not known: PROMETHEUS_URL is not set.`);
  const already = isNew ? null : await look(prometheus, made, signal);
  if (already && 'trouble' in already) return waiting(`${where}. Whether they run is not known: ${already.trouble}`);
  if (already?.hash === made.hash) return loadedSeen(already);

  const reload = await reloadPrometheus(prometheus.source, signal);
  if (reload.outcome === 'unreachable') return waiting(`${where}, but not loaded yet: ${reload.reason}`);
  if (reload.outcome === 'refused') return takeBack(folder, old, isNew, prometheus, reload.reason, signal);
  const running = await look(prometheus, made, signal);
  if ('trouble' in running) return waiting(`${where}. Whether they run is not known: ${running.trouble}`);
  if (running.hash === made.hash) return loadedSeen(running);
  if (reload.outcome === 'not_offered') return waiting(`${where}, but not loaded yet: ${reload.reason}`);
  return waiting(
    `${where}, but Prometheus does not run them: rule_files in its configuration must name ${folder}/*.yml.`,
  );
}

async function takeBack(
  folder: string,
  old: string | null,
  isNew: boolean,
  prometheus: Prometheus,
  reason: string,
  signal: AbortSignal | undefined,
): Promise<Seen> {
  if (isNew) await (old === null ? removeRuleFile(folder) : writeRuleFile(folder, old));
  const again = await reloadPrometheus(prometheus.source, signal);
  return refusedSeen(
    again.outcome === 'refused'
      ? `Prometheus does not load its configuration, with the rules as before neither; its log says why: ${again.reason}`
      : `Prometheus does not load the new rules and keeps those from before; its log says why: ${reason}`,
  );
}

async function look(
  prometheus: Prometheus,
  made: GeneratedRules,
  signal: AbortSignal | undefined,
): Promise<RunningRules | { trouble: string }> {
  try {
    return await seeRunning(prometheus, made, signal);
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof AppError)) throw error;
    return { trouble: error.detail };
  }
}

function loadedSeen({ failing, late }: RunningRules, detail = 'Prometheus runs the rules of all SLOs.'): Seen {
  const behind =
    late.length > 0 ? ` It falls behind with ${late.join(', ')}: they take longer than their interval.` : '';
  return { state: 'loaded', detail: `${detail}${behind}`, loaded: true, setAside: failing };
}

const waiting = (detail: string): Seen => ({ state: 'written', detail, loaded: false, setAside: [] });
const failed = (detail: string): Seen => ({ state: 'failed', detail, loaded: false, setAside: [] });
const refusedSeen = (detail: string): Seen => ({ state: 'refused', detail, loaded: false, setAside: [] });
