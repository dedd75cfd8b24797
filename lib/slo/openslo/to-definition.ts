import { reservedSloNames, type SloDefinition, sloName } from '../schemas.ts';
import { readAnnotations } from './annotations.ts';
import { annotationPrefix, defaultMinFailures, likelyCategory } from './defaults.ts';
import type { Path } from './documents.ts';
import { fixedLength, readWindow } from './durations.ts';
import type { Reading } from './reading.ts';
import type { Metadata, Objective } from './shapes.ts';
import { indicatorOf } from './to-indicator.ts';
import { tiersOf } from './to-tiers.ts';

/** One SLO as we keep it; null where something of it is missing or wrong, which `reading` then says. */
export function toDefinition(reading: Reading, defaultEnvironment: string): SloDefinition | null {
  const { value, name } = reading.slo;
  const { metadata, spec } = value;
  checkName(reading, name);
  markPlaces(reading);
  const annotated = annotationsOf(reading, metadata);
  const labels = labelsOf(reading, metadata);
  const objective = spec.objectives[0] as Objective;
  const objectivePath: Path = ['spec', 'objectives', 0];
  if (objective.displayName !== undefined) {
    reading.warn([...objectivePath, 'displayName'], 'is not kept: the SLO itself has a displayName');
  }
  const indicator = indicatorOf(reading, objective, objectivePath);
  const target = targetOf(reading, objective, objectivePath);
  const budgeting = budgetingOf(reading, objective, objectivePath);
  const window = windowOf(reading);
  const tiers = tiersOf(reading);
  if (!indicator || target === null || !budgeting || !window) return null;
  const { minFailures, absentPages, category, environment, ...rest } = annotated;
  return {
    ...rest,
    environment: environment ?? defaultEnvironment,
    name,
    displayName: metadata.displayName ?? null,
    description: spec.description ?? null,
    service: spec.service,
    category: category ?? likelyCategory({ indicator }),
    labels,
    indicator,
    budgeting,
    window,
    target,
    alerting: { tiers, minFailures: minFailures ?? defaultMinFailures({ budgeting }), absentPages },
  };
}

function markPlaces(reading: Reading): void {
  const { objectives, alertPolicies } = reading.slo.value.spec;
  const objective = objectives[0];
  reading.mark('slo', ['metadata', 'name']);
  reading.mark('target', ['spec', 'objectives', 0, objective?.target === undefined ? 'targetPercent' : 'target']);
  reading.mark('slice', ['spec', 'objectives', 0, 'timeSliceWindow']);
  reading.mark('alerting', ['spec', ...(alertPolicies ? ['alertPolicies'] : ['objectives', 0])]);
  reading.mark('measuredAt', ['metadata', 'annotations', `${annotationPrefix}measured-at`]);
}

function checkName(reading: Reading, name: string): void {
  const path = ['metadata', 'name'];
  const parsed = sloName.safeParse(name);
  if (!parsed.success) reading.error(path, parsed.error.issues[0]?.message ?? 'is no name');
  if (reservedSloNames.includes(name)) reading.error(path, `must not be ${name}, which is an address of its own`);
}

function annotationsOf(reading: Reading, { annotations = {} }: Metadata) {
  const { values, problems } = readAnnotations(annotations);
  for (const { level, key, message } of problems) {
    const path = ['metadata', 'annotations', key];
    if (level === 'error') reading.error(path, message);
    else reading.warn(path, message);
  }
  return values;
}

/** As OpenSLO: letters, digits and `-_.`, at most 63. */
const labelKey = /^[A-Za-z0-9](?:[\w.-]{0,61}[A-Za-z0-9])?$/;

function labelsOf(reading: Reading, { labels = {} }: Metadata): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [key, value] of Object.entries(labels)) {
    const path = ['metadata', 'labels', key];
    if (!labelKey.test(key)) {
      reading.error(path, 'must be a name of letters, digits and - _ . only, at most 63 characters');
    } else if (Array.isArray(value)) {
      reading.error(path, 'must be one text; a list of values is not supported: join them, or use several labels');
    } else if (value.length > 200) {
      reading.error(path, 'must have at most 200 characters');
    } else kept[key] = value;
  }
  return kept;
}

/** 99.95 / 100 without the noise of binary fractions. */
const clean = (value: number) => Number(value.toPrecision(12));

function targetOf(reading: Reading, { target, targetPercent }: Objective, path: Path): number | null {
  if (target === undefined && targetPercent === undefined) {
    reading.error([...path, 'target'], 'is missing; it must be above 0 and below 1, such as 0.999');
    return null;
  }
  if (target !== undefined && targetPercent !== undefined) {
    reading.error([...path, 'targetPercent'], 'must not stand beside target: give one of them');
    return null;
  }
  const value = target ?? clean((targetPercent as number) / 100);
  if (value > 0 && value < 1) return value;
  const [field, example] =
    target === undefined ? ['targetPercent', '100, such as 99.9'] : ['target', '1, such as 0.999'];
  reading.error([...path, field as string], `must be above 0 and below ${example}`);
  return null;
}

const fiveMinutesMs = 300_000;
const longestSliceMs = 3_600_000;

function budgetingOf(reading: Reading, objective: Objective, path: Path): SloDefinition['budgeting'] | null {
  const method = reading.slo.value.spec.budgetingMethod;
  const { timeSliceTarget, timeSliceWindow } = objective;
  const only = (field: string, methods: string) =>
    reading.error([...path, field], `must stand only with budgetingMethod ${methods}, not ${method}`);
  if (method === 'Occurrences') {
    if (timeSliceTarget !== undefined) only('timeSliceTarget', 'Timeslices');
    if (timeSliceWindow !== undefined) only('timeSliceWindow', 'Timeslices or RatioTimeslices');
    return { method: 'occurrences' };
  }
  // OpenSLO: a number without a unit is minutes.
  const sliceMs = typeof timeSliceWindow === 'number' ? timeSliceWindow * 60_000 : fixedLength(timeSliceWindow ?? '');
  const fits = (ms: number) =>
    ms >= 60_000 && ms <= longestSliceMs && (fiveMinutesMs % ms === 0 || ms % fiveMinutesMs === 0);
  if (sliceMs === null || !fits(sliceMs)) {
    const missing = timeSliceWindow === undefined ? 'is missing; it ' : '';
    const message = `${missing}must be 1m, 5m, or a multiple of 5m up to 1h: slices fit the buckets of five minutes that are kept`;
    reading.error([...path, 'timeSliceWindow'], message);
    return null;
  }
  if (method === 'RatioTimeslices') {
    if (timeSliceTarget !== undefined) only('timeSliceTarget', 'Timeslices');
    return { method: 'ratioTimeslices', sliceMs };
  }
  if (timeSliceTarget === undefined || !(timeSliceTarget > 0 && timeSliceTarget <= 1)) {
    const missing = timeSliceTarget === undefined ? 'is missing; it ' : '';
    reading.error([...path, 'timeSliceTarget'], `${missing}must be above 0 and at most 1, such as 0.95`);
    return null;
  }
  return { method: 'timeslices', sliceMs, sliceTarget: timeSliceTarget };
}

function windowOf(reading: Reading): SloDefinition['window'] | null {
  const item = reading.slo.value.spec.timeWindow[0];
  const read = item && readWindow(item);
  if (read && 'window' in read) return read.window;
  if (read) reading.error(['spec', 'timeWindow', 0, ...read.path], read.message);
  return null;
}
