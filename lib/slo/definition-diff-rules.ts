import type { BurnTier, Indicator, SloDefinition, TimeWindow } from './schemas.ts';

const minuteMs = 60_000;

/** What is different between two definitions, as sentences such as “target 99.9 % → 99.95 %”; none where all is equal. */
export function describeChanges(before: SloDefinition, after: SloDefinition): string[] {
  const said: string[] = [];
  const tell = <T>(what: string, was: T, is: T, inWords: (value: T) => string = shown) => {
    if (!isSame(was, is)) said.push(`${what} ${inWords(was)} → ${inWords(is)}`);
  };
  tell('target', before.target, after.target, percent);
  tell('window', before.window, after.window, windowInWords);
  said.push(...indicatorChanges(before.indicator, after.indicator));
  tell('budgeting', before.budgeting, after.budgeting, budgetingInWords);
  tell('measured at the', before.measuredAt, after.measuredAt);
  tell('service', before.service, after.service);
  tell('display name', before.displayName, after.displayName, quoted);
  if (before.description !== after.description) said.push('description changed');
  tell('owner', before.owner, after.owner);
  tell('tier', before.tier, after.tier, (tier) => (tier === null ? 'of the catalogue' : String(tier)));
  tell('kind of promise', before.category, after.category);
  tell('unknown time counts as', before.gapPolicy, after.gapPolicy);
  tell('policy', before.policy, after.policy);
  tell('runbook', before.runbookUrl, after.runbookUrl);
  said.push(...tierChanges(before.alerting.tiers, after.alerting.tiers));
  tell('failures that an alert needs', before.alerting.minFailures, after.alerting.minFailures);
  tell('absent data', before.alerting.absentPages, after.alerting.absentPages, absenceInWords);
  said.push(...labelChanges(before.labels, after.labels));
  return said;
}

/** Whether what is counted differs, so that the buckets of one do not hold for the other. */
export function measuresDifferently(before: SloDefinition, after: SloDefinition): boolean {
  return (
    before.environment !== after.environment ||
    !isSame(before.indicator, after.indicator) ||
    !isSame(before.budgeting, after.budgeting)
  );
}

/** Whether two definitions mean the same, whatever the order of their fields. */
export function isSameDefinition(before: SloDefinition, after: SloDefinition): boolean {
  return isSame(before, after);
}

function indicatorChanges(before: Indicator, after: Indicator): string[] {
  if (before.kind !== after.kind) return [`indicator ${kinds[before.kind]} → ${kinds[after.kind]}`];
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])] as (keyof typeof before)[];
  return fields.flatMap((field) => {
    const [was, is]: unknown[] = [before[field], after[field]];
    return isSame(was, is) ? [] : [`${indicatorFields[field] ?? field} ${shortened(was)} → ${shortened(is)}`];
  });
}

const kinds = { ratio: 'ratio of events', raw: 'expression that is a ratio', threshold: 'value against a threshold' };
const indicatorFields: Record<string, string> = {
  good: 'good events',
  bad: 'bad events',
  total: 'all events',
  counter: 'counter',
  query: 'expression',
  op: 'comparison',
  value: 'threshold',
  type: 'ratio of',
};

function tierChanges(before: BurnTier[] | null, after: BurnTier[] | null): string[] {
  if (isSame(before, after)) return [];
  if (before === null || after === null) {
    return [`burn alerts ${before === null ? 'the usual ones' : 'its own'} → ${alertsInWords(after)}`];
  }
  const place = ({ severity, longMs, shortMs }: BurnTier) => `${severity} ${length(longMs)}/${length(shortMs)}`;
  const known = new Map(before.map((tier) => [place(tier), tier]));
  const changed = after.flatMap((tier) => {
    const was = known.get(place(tier));
    known.delete(place(tier));
    if (!was) return [`burn alert ${place(tier)} added at ${tier.factor}×`];
    return was.factor === tier.factor ? [] : [`burn alert ${place(tier)} ${was.factor}× → ${tier.factor}×`];
  });
  const said = [...changed, ...[...known.keys()].map((gone) => `burn alert ${gone} removed`)];
  return said.length > 0 ? said : ['burn alerts in another order'];
}

function alertsInWords(tiers: BurnTier[] | null): string {
  if (tiers === null) return 'the usual ones';
  return tiers.length === 0 ? 'none' : 'its own';
}

function labelChanges(before: Record<string, string>, after: Record<string, string>): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((name) => {
    const [was, is] = [own(before, name), own(after, name)];
    if (was === is) return [];
    if (was === undefined) return [`label ${name} added: ${shortened(is)}`];
    return is === undefined ? [`label ${name} removed`] : [`label ${name} ${shortened(was)} → ${shortened(is)}`];
  });
}

const own = (labels: Record<string, string>, name: string) => (Object.hasOwn(labels, name) ? labels[name] : undefined);

/** “99.95 %”, without the noise of binary fractions. */
export const percent = (share: number) => `${Number((share * 100).toPrecision(12))} %`;

/** “30 days”, “month in Europe/Berlin”. */
export function windowInWords(window: TimeWindow): string {
  if (window.kind === 'rolling') return window.days === 1 ? '1 day' : `${window.days} days`;
  return `calendar ${window.unit} in ${window.timeZone}`;
}

function budgetingInWords(budgeting: SloDefinition['budgeting']): string {
  if (budgeting.method === 'occurrences') return 'events';
  const slices = `slices of ${length(budgeting.sliceMs)}`;
  return budgeting.method === 'timeslices'
    ? `${slices} with ${percent(budgeting.sliceTarget)} good`
    : `${slices} by their share of good`;
}

function length(ms: number): string {
  const units = [
    [86_400_000, 'd'],
    [3_600_000, 'h'],
    [minuteMs, 'min'],
  ] as const;
  const [size, unit] = units.find(([size]) => ms % size === 0) ?? [1_000, 's'];
  return `${ms / size} ${unit}`;
}

const absenceInWords = (pages: boolean | null) =>
  pages === null ? 'pages for tier 1 only' : pages ? 'pages' : 'is a ticket';

const shown = (value: unknown) => (value === null ? 'none' : String(value));
const quoted = (text: string | null) => (text === null ? 'none' : `“${text}”`);

const longest = 160;
function shortened(value: unknown): string {
  const text = shown(value);
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

/** Equal as JSON, whatever the order of keys. */
function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b) || a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [inA, inB] = [a, b] as Record<string, unknown>[];
  const keys = Object.keys(inA ?? {});
  return (
    keys.length === Object.keys(inB ?? {}).length &&
    keys.every((key) => Object.hasOwn(inB ?? {}, key) && isSame(inA?.[key], inB?.[key]))
  );
}
