import * as z from 'zod';
import { pageQuery } from '#lib/core/page.ts';

const labels = z.record(z.string(), z.string());

/** What a person sees: firing first, what is taken care of or quiet after it. */
export const alertStates = ['firing', 'acknowledged', 'silenced', 'inhibited', 'resolved'] as const;
export type AlertState = (typeof alertStates)[number];
export const severities = ['page', 'ticket', 'other'] as const;
export type AlertSeverity = (typeof severities)[number];

export const fingerprint = z.string().regex(/^[0-9a-f]{16}$/, 'must be 16 hexadecimal digits');

export const alert = z.object({
  /** Ours; one firing of a fingerprint. */
  id: z.uuid(),
  fingerprint,
  name: z.string(),
  environment: z.string(),
  service: z.string().nullable(),
  /** Name of the SLO that it guards. */
  slo: z.string().nullable(),
  severity: z.enum(severities),
  state: z.enum(alertStates),
  startsAt: z.string(),
  /** When it was resolved; null while it is not. */
  resolvedAt: z.string().nullable(),
  /** In one sentence. */
  summary: z.string(),
  description: z.string().nullable(),
  labels,
  annotations: labels,
  runbookUrl: z.string().nullable(),
  generatorUrl: z.string().nullable(),
  receivers: z.array(z.string()),
  groupKey: z.string().nullable(),
  silencedBy: z.array(z.string()),
  inhibitedBy: z.array(z.string()),
  acknowledged: z
    .object({ at: z.string(), by: z.object({ id: z.string(), name: z.string() }), note: z.string().nullable() })
    .nullable(),
  /** When we last heard of it, by webhook or list. */
  lastSeenAt: z.string(),
  version: z.number().int(),
});
export type Alert = z.infer<typeof alert>;

export const alertQuery = pageQuery.extend({
  env: z.string().optional(),
  service: z.string().optional(),
  slo: z.string().optional(),
  severity: z.enum(severities).optional(),
  state: z
    .union([z.enum(alertStates), z.array(z.enum(alertStates)).max(5)], `must be among ${alertStates.join(', ')}`)
    .transform((states) => (Array.isArray(states) ? states : [states]))
    .optional()
    .describe('All but resolved where absent.'),
  q: z.string().max(200).optional(),
});
export type AlertQuery = z.infer<typeof alertQuery>;

export const watchdog = z.object({
  /** `absent`: no Watchdog arrives, so no page would either; `unknown`: none has ever been seen. */
  state: z.enum(['ok', 'absent', 'unknown']),
  lastSeenAt: z.string().nullable(),
  detail: z.string(),
});

export const alertmanagerHealth = z.object({
  state: z.enum(['ok', 'failing', 'not_configured']),
  failingSince: z.string().nullable(),
  lastReconciledAt: z.string().nullable(),
  detail: z.string().nullable(),
  members: z.array(
    z.object({
      name: z.string(),
      url: z.string(),
      state: z.enum(['ok', 'failing']),
      version: z.string().nullable(),
      cluster: z.string().nullable(),
      error: z.string().nullable(),
    }),
  ),
});

export const alertList = z.object({
  items: z.array(alert),
  nextCursor: z.string().nullable(),
  /** As Alertmanager groups what it holds; each names the alerts of `items` by id. */
  groups: z.array(z.object({ key: z.string(), receiver: z.string(), labels, alerts: z.array(z.string()) })),
  counts: z.record(z.string(), z.number().int()),
  watchdog,
  alertmanager: alertmanagerHealth,
});
export type AlertList = z.infer<typeof alertList>;

export const alertEvent = z.object({
  id: z.uuid(),
  at: z.string(),
  kind: z.enum([
    'firing',
    'resolved',
    'acknowledged',
    'unacknowledged',
    'silenced',
    'unsilenced',
    'inhibited',
    'uninhibited',
  ]),
  actor: z.object({ kind: z.string(), id: z.string(), name: z.string() }),
  detail: z.record(z.string(), z.unknown()),
});
export type AlertEvent = z.infer<typeof alertEvent>;

/** One alert with what it means: the newest firing of its fingerprint, and those before. */
export const alertDetail = z.object({
  alert,
  /** Plain words, computed from events: what was spent, how long it lasts at this pace, what stops it. */
  explanation: z.array(z.string()),
  /** The rule that fires it, where the engine tells. */
  expression: z.string().nullable(),
  threshold: z.object({ value: z.number(), label: z.string() }).nullable(),
  history: z.array(alertEvent),
  /** Firings before this one, newest first. */
  earlier: z.array(
    z.object({ startsAt: z.string(), resolvedAt: z.string().nullable(), acknowledgedBy: z.string().nullable() }),
  ),
  silences: z.array(z.object({ id: z.string(), comment: z.string(), createdBy: z.string(), endsAt: z.string() })),
});
export type AlertDetail = z.infer<typeof alertDetail>;

/** The expression of an alert over time with its threshold. */
export const alertChart = z.object({
  title: z.string(),
  unit: z.enum(['times', 'ratio', 'seconds', 'bytes', 'count', 'perSecond']),
  grid: z.object({ from: z.string(), to: z.string(), stepMs: z.number().int().positive() }),
  series: z.array(z.object({ name: z.string(), labels, values: z.array(z.number().nullable()) })),
  threshold: z.object({ value: z.number(), label: z.string() }).nullable(),
  /** Why there is no chart. */
  problem: z.string().nullable(),
});
export type AlertChart = z.infer<typeof alertChart>;

export const acknowledgeInput = z.strictObject({
  note: z.string().trim().max(500, 'must have at most 500 characters').optional(),
  version: z.number().int().optional().describe('As read; 409 where somebody was faster.'),
});

const matcher = z.strictObject({
  name: z.string().min(1, 'must be a label name').max(200),
  value: z.string().max(1_000),
  isRegex: z.boolean().default(false),
  isEqual: z.boolean().default(true),
});
const instantText = z.iso.datetime({ offset: true, error: 'must be a time such as 2026-11-21T14:30:00Z' });
export const silenceInput = z.strictObject({
  matchers: z.array(matcher).min(1, 'must have at least one matcher').max(20, 'must have at most 20 matchers'),
  startsAt: instantText.optional().describe('Now where absent.'),
  endsAt: instantText.describe('At most 30 days after the start.'),
  reason: z.string('must say why').trim().min(3, 'must say why').max(1_000),
});
export const silence = z.object({
  id: z.string(),
  matchers: z.array(matcher),
  startsAt: z.string(),
  endsAt: z.string(),
  state: z.enum(['active', 'pending', 'expired']),
  createdBy: z.string(),
  reason: z.string(),
  updatedAt: z.string(),
  /** Alerts that it quiets now, by id. */
  alerts: z.array(z.string()),
});
export type Silence = z.infer<typeof silence>;
/** Matchers as they stand in an address: a JSON list. */
export const silencePreviewInput = z
  .string('must be a JSON list of matchers')
  .max(20_000)
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: 'custom', message: 'must be a JSON list of matchers' });
      return z.NEVER;
    }
  })
  .pipe(z.array(matcher).min(1, 'must have at least one matcher').max(20, 'must have at most 20 matchers'));
export const silencePreview = z.object({
  /** Alerts that it would quiet now, by id. */
  alerts: z.array(z.string()),
  /** How many of those that Alertmanager holds, also what is not kept here, such as the Watchdog. */
  matched: z.number().int(),
  /** Why such a silence is refused. */
  problem: z.string().nullable(),
});
export type SilencePreview = z.infer<typeof silencePreview>;
export const expireInput = z.strictObject({});
export const silenceList = z.object({ items: z.array(silence), nextCursor: z.null() });

/** Alertmanager's webhook, version 4. */
export const webhook = z.object({
  version: z.literal('4', 'must be "4"'),
  groupKey: z.string(),
  truncatedAlerts: z.number().int().min(0).default(0),
  status: z.enum(['firing', 'resolved']),
  receiver: z.string(),
  groupLabels: labels,
  commonLabels: labels,
  commonAnnotations: labels,
  externalURL: z.string(),
  alerts: z
    .array(
      z.object({
        status: z.enum(['firing', 'resolved']),
        labels,
        annotations: labels,
        startsAt: z.iso.datetime({ offset: true }),
        endsAt: z.iso.datetime({ offset: true }),
        generatorURL: z.string().default(''),
        fingerprint,
      }),
    )
    .max(10_000),
});
export type Webhook = z.infer<typeof webhook>;
