import * as z from 'zod';

const text = (most: number) =>
  z
    .string('must be text')
    .min(1, 'must not be empty')
    .max(most, `must have at most ${most.toLocaleString('en')} characters`);
const scalar = z.union([z.string(), z.number(), z.boolean()], 'must be text').transform(String);
const number = z.number('must be a number');
/** Names of objects that are referred to: OpenSLO asks for RFC 1123 and its own examples do not keep to it. */
const objectName = text(253);

/** A mapping with these fields and no others. */
function mapping<S extends z.ZodRawShape>(shape: S) {
  const known = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? `is not a field here; there are ${known}` : 'must be a mapping',
  });
}

const metadata = mapping({
  name: objectName,
  displayName: text(200).optional(),
  labels: z
    .record(z.string(), z.union([scalar, z.array(scalar)], 'must be text'), 'must be a mapping of text')
    .optional(),
  annotations: z.record(z.string(), scalar, 'must be a mapping of text').optional(),
});
/** OpenSLO allows 1,050 characters. */
const description = text(1_050).optional();
const version = z.literal('openslo/v1');

const metricSource = mapping({
  metricSourceRef: objectName.optional(),
  type: text(100)
    .regex(/^prometheus$/i, 'must be Prometheus; other metric sources are not supported')
    .optional(),
  spec: mapping({ query: z.string('must be a PromQL expression') }),
});
const metric = mapping({ metricSource });

const ratioMetric = mapping({
  counter: z.boolean('must be true or false').optional(),
  good: metric.optional(),
  bad: metric.optional(),
  total: metric.optional(),
  rawType: z.enum(['success', 'failure'], 'must be success or failure').optional(),
  raw: metric.optional(),
});
export type RatioMetric = z.infer<typeof ratioMetric>;

const sliSpec = mapping({ description, thresholdMetric: metric.optional(), ratioMetric: ratioMetric.optional() });
export type SliSpec = z.infer<typeof sliSpec>;

const alertConditionSpec = mapping({
  description,
  severity: z.enum(['page', 'ticket'], 'must be page or ticket'),
  condition: mapping({
    kind: z.literal('burnrate', 'must be burnrate').default('burnrate'),
    op: z.enum(['gt', 'gte'], 'must be gt or gte: an alert fires when too much is burnt').optional(),
    threshold: number.positive('must be above 0').max(100_000, 'must be at most 100,000'),
    lookbackWindow: text(20),
    alertAfter: text(20).optional(),
  }),
});
export type AlertConditionSpec = z.infer<typeof alertConditionSpec>;

const notificationTargetSpec = mapping({ description, target: text(200) });

const inlineMetadata = metadata.optional();
const inlineVersion = version.optional();

const alertPolicySpec = mapping({
  description,
  alertWhenNoData: z.boolean('must be true or false').optional(),
  alertWhenResolved: z.boolean('must be true or false').optional(),
  alertWhenBreaching: z.boolean('must be true or false').optional(),
  conditions: z
    .array(
      mapping({
        apiVersion: inlineVersion,
        conditionRef: objectName.optional(),
        kind: z.literal('AlertCondition', 'must be AlertCondition').optional(),
        metadata: inlineMetadata,
        spec: alertConditionSpec.optional(),
      }),
      'must be a list with one condition',
    )
    .length(1, 'must have one condition: OpenSLO has no other way; write a policy for each'),
  notificationTargets: z
    .array(
      mapping({
        apiVersion: inlineVersion,
        targetRef: objectName.optional(),
        kind: z.literal('AlertNotificationTarget', 'must be AlertNotificationTarget').optional(),
        metadata: inlineMetadata,
        spec: notificationTargetSpec.optional(),
      }),
      'must be a list',
    )
    .optional(),
});
export type AlertPolicySpec = z.infer<typeof alertPolicySpec>;

const objective = mapping({
  displayName: text(200).optional(),
  op: z.enum(['lt', 'lte', 'gt', 'gte'], 'must be lt, lte, gt or gte').optional(),
  value: number.optional(),
  target: number.optional(),
  targetPercent: number.optional(),
  timeSliceTarget: number.optional(),
  timeSliceWindow: z.union([number, text(20)], 'must be a length such as 1m').optional(),
  indicator: z.undefined('is part of a composite SLO, which is not supported: make an SLO of its own').optional(),
  indicatorRef: z.undefined('is part of a composite SLO, which is not supported: make an SLO of its own').optional(),
  compositeWeight: z.undefined('is part of a composite SLO, which is not supported: make SLOs of their own').optional(),
});
export type Objective = z.infer<typeof objective>;

const timeWindowItem = mapping({
  duration: text(20),
  isRolling: z.boolean('must be true or false').optional(),
  calendar: mapping({ startTime: text(40).optional(), timeZone: text(100) }).optional(),
});
export type TimeWindowItem = z.infer<typeof timeWindowItem>;

const sloSpec = mapping({
  description,
  service: text(200).regex(/^\P{Cc}+$/u, 'must not contain control characters'),
  indicator: mapping({
    apiVersion: inlineVersion,
    kind: z.literal('SLI', 'must be SLI').optional(),
    metadata: inlineMetadata,
    spec: sliSpec,
  }).optional(),
  indicatorRef: objectName.optional(),
  timeWindow: z
    .array(timeWindowItem, 'must be a list with one window, such as "- duration: 30d"')
    .length(1, 'must have exactly one window'),
  budgetingMethod: z.enum(
    ['Occurrences', 'Timeslices', 'RatioTimeslices'],
    'must be Occurrences, Timeslices or RatioTimeslices',
  ),
  objectives: z
    .array(objective, 'must be a list with one objective')
    .length(1, 'must have exactly one objective; several are not supported: make an SLO of each'),
  alertPolicies: z
    .array(
      mapping({
        apiVersion: inlineVersion,
        alertPolicyRef: objectName.optional(),
        kind: z.literal('AlertPolicy', 'must be AlertPolicy').optional(),
        metadata: inlineMetadata,
        spec: alertPolicySpec.optional(),
      }),
      'must be a list',
    )
    .max(20, 'must have at most 20 policies')
    .optional(),
});
export type SloSpec = z.infer<typeof sloSpec>;

const object = <K extends string, S extends z.ZodType>(kind: K, spec: S) =>
  mapping({ apiVersion: version, kind: z.literal(kind), metadata, spec });

/** What each kind of OpenSLO v1 may hold. */
export const shapes = {
  SLO: object('SLO', sloSpec),
  SLI: object('SLI', sliSpec),
  AlertPolicy: object('AlertPolicy', alertPolicySpec),
  AlertCondition: object('AlertCondition', alertConditionSpec),
  AlertNotificationTarget: object('AlertNotificationTarget', notificationTargetSpec),
  Service: object('Service', mapping({ description }).optional()),
  DataSource: object(
    'DataSource',
    mapping({ description, type: text(100), connectionDetails: z.unknown().optional() }),
  ),
};
export type Kind = keyof typeof shapes;
export const kinds = Object.keys(shapes) as Kind[];
export type Metadata = z.infer<typeof metadata>;
