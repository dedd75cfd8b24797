import { isPrometheusError, parsePromql } from '#lib/adapters/prometheus/index.ts';
import { CounterQueryError, readCounterQuery } from '../counter-query.ts';
import type { Indicator } from '../schemas.ts';
import type { OpenSloObject, Path } from './documents.ts';
import { checkExpression } from './expressions.ts';
import type { Part, Reading } from './reading.ts';
import type { Objective, RatioMetric, SliSpec } from './shapes.ts';

/** What an SLO measures; null where it is wrong, which `reading` then says. */
export function indicatorOf(reading: Reading, objective: Objective, objectivePath: Path): Indicator | null {
  const { slo } = reading;
  const { indicator, indicatorRef } = slo.value.spec;
  const found = reading.part('SLI', {
    ref: indicatorRef,
    spec: indicator?.spec,
    at: slo,
    refPath: ['spec', 'indicatorRef'],
    specPath: ['spec', 'indicator', 'spec'],
  });
  if (!found) return null;
  const { ratioMetric, thresholdMetric } = found.value;
  if (found.value.description !== undefined) {
    reading.warn([...found.path, 'description'], 'is not kept: the SLO itself has a description', found.object);
  }
  if ((ratioMetric === undefined) === (thresholdMetric === undefined)) {
    reading.error(found.path, 'must hold either ratioMetric or thresholdMetric', found.object);
    return null;
  }
  const { op, value } = objective;
  if (thresholdMetric) {
    if (op === undefined)
      reading.error([...objectivePath, 'op'], 'is missing; a thresholdMetric needs lt, lte, gt or gte');
    if (value === undefined) reading.error([...objectivePath, 'value'], 'is missing; a thresholdMetric needs a number');
    const query = queryOf(reading, found, 'thresholdMetric', [], false);
    return query !== null && op !== undefined && value !== undefined ? { kind: 'threshold', query, op, value } : null;
  }
  for (const field of ['op', 'value'] as const) {
    if (objective[field] === undefined) continue;
    reading.error([...objectivePath, field], 'must stand only with thresholdMetric; a ratio is held against target');
  }
  return ratioOf(reading, found, ratioMetric as RatioMetric);
}

function ratioOf(reading: Reading, found: Part<SliSpec>, ratio: RatioMetric): Indicator | null {
  const path = [...found.path, 'ratioMetric'];
  const refuse = (field: string, message: string) => {
    reading.error([...path, field], message, found.object);
    return null;
  };
  const { good, bad, total, raw, rawType, counter } = ratio;
  const read = (field: 'good' | 'bad' | 'total' | 'raw', isCounter: boolean) =>
    queryOf(reading, found, 'ratioMetric', [field], isCounter);
  if (raw) {
    if (good || bad || total)
      return refuse('raw', 'must not stand beside good, bad and total: it is a ratio by itself');
    if (!rawType) return refuse('rawType', 'is missing; it must be success or failure');
    if (counter) reading.warn([...path, 'counter'], 'is not kept: it means nothing beside raw', found.object);
    const query = read('raw', false);
    return query === null ? null : { kind: 'raw', type: rawType, query };
  }
  if (rawType) return refuse('rawType', 'must stand only beside raw');
  if (!total) return refuse('total', 'is missing; a ratio needs total beside good or bad');
  if ((good === undefined) === (bad === undefined)) {
    return refuse(
      good ? 'bad' : 'good',
      good ? 'must not stand beside good: give one of them' : 'is missing; give good or bad',
    );
  }
  if (counter === undefined) {
    return refuse('counter', 'is missing; it must be true where the metrics only grow (…_total, …_count), else false');
  }
  const part = read(good ? 'good' : 'bad', counter);
  const whole = read('total', counter);
  if (part === null || whole === null) return null;
  return { kind: 'ratio', counter, good: good ? part : null, bad: good ? null : part, total: whole };
}

/** The PromQL of one metric, checked; null where it is none. */
function queryOf(
  reading: Reading,
  { value, object, path }: Part<SliSpec>,
  field: 'ratioMetric' | 'thresholdMetric',
  rest: ('good' | 'bad' | 'total' | 'raw')[],
  isCounter: boolean,
): string | null {
  const metric = rest[0] ? value.ratioMetric?.[rest[0]] : value.thresholdMetric;
  if (!metric) return null;
  const at: Path = [...path, field, ...rest, 'metricSource'];
  const { metricSourceRef, type, spec } = metric.metricSource;
  if (!sourceIsPrometheus(reading, { metricSourceRef, type }, at, object)) return null;
  reading.mark(rest[0] === undefined || rest[0] === 'raw' ? 'query' : rest[0], [...at, 'spec', 'query'], object);
  const query = spec.query.trim();
  const lead = spec.query.length - spec.query.trimStart().length;
  const refuse = (message: string, offset: number | undefined) => {
    reading.error([...at, 'spec', 'query'], message, object, offset === undefined ? undefined : offset + lead);
    return null;
  };
  try {
    if (isCounter) readCounterQuery(query);
    else parsePromql(query);
    const wrong = isCounter ? null : checkExpression(query);
    return wrong ? refuse(wrong.message, wrong.offset) : query;
  } catch (error) {
    if (error instanceof CounterQueryError) return refuse(error.message, error.offset);
    if (isPrometheusError(error)) return refuse(error.detail, offsetOf(query, error.position));
    throw error;
  }
}

function offsetOf(text: string, position: { line: number; column: number } | undefined): number | undefined {
  if (!position) return undefined;
  const before = text.split('\n').slice(0, position.line - 1);
  return before.reduce((sum, line) => sum + line.length + 1, 0) + position.column - 1;
}

function sourceIsPrometheus(
  reading: Reading,
  { metricSourceRef, type }: { metricSourceRef: string | undefined; type: string | undefined },
  path: Path,
  object: OpenSloObject,
): boolean {
  if (metricSourceRef === undefined) {
    if (type !== undefined) return true;
    reading.error([...path, 'type'], 'is missing; it must be Prometheus', object);
    return false;
  }
  const refPath = [...path, 'metricSourceRef'];
  const known = reading.findSource(metricSourceRef);
  if (!known && type === undefined) {
    reading.find('DataSource', metricSourceRef, refPath, object);
    return false;
  }
  if (known && !/^prometheus$/i.test(known.value.spec.type)) {
    const message = `refers to a DataSource of type ${known.value.spec.type}; only Prometheus is supported`;
    reading.error(refPath, message, object);
    return false;
  }
  reading.warn(refPath, 'is not kept: metrics are read from the source that this console is configured with', object);
  return true;
}
