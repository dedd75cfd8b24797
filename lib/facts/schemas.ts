import * as z from 'zod';
import { pageOf, pageQuery } from '#lib/core/page.ts';

/** What can have happened. Later rooms add theirs here, so that every chart and timeline knows all kinds. */
export const factKinds = ['deploy', 'config', 'scaling', 'alert', 'fault', 'incident', 'note'] as const;
export type FactKind = (typeof factKinds)[number];

export const instant = z.iso
  .datetime({ offset: true, error: 'must be a time such as 2026-11-21T14:30:00Z' })
  .refine((text) => !(Date.parse(text) < 0), 'must be a time after 1970');
export const environmentName = z
  .string()
  .min(1, 'must not be empty')
  .max(100, 'must have at most 100 characters')
  .regex(/^[\w.:/-]*$/, 'may have letters, digits and . _ : / -');
export const serviceName = z
  .string()
  .min(1, 'must not be empty')
  .max(200, 'must have at most 200 characters')
  .regex(/^\P{Cc}*$/u, 'must not contain control characters');

export const fact = z.object({
  id: z.uuid(),
  environment: z.string(),
  kind: z.enum(factKinds),
  services: z.array(z.string()),
  startAt: z.string(),
  endAt: z.string().nullable(),
  recordedAt: z.string(),
  actor: z.object({ kind: z.string(), id: z.string(), name: z.string() }),
  subject: z.object({ kind: z.string(), id: z.string() }),
  title: z.string(),
  payload: z.record(z.string(), z.unknown()),
  source: z.string(),
  supersedes: z.uuid().nullable(),
});
export type Fact = z.infer<typeof fact>;

export const factQuery = pageQuery.extend({
  env: environmentName.optional(),
  service: serviceName.optional(),
  kind: z
    .union([z.enum(factKinds), z.array(z.enum(factKinds)).max(20)], `must be among ${factKinds.join(', ')}`)
    .transform((kinds) => (Array.isArray(kinds) ? kinds : [kinds]))
    .optional(),
  from: instant.optional(),
  to: instant.optional(),
});
export type FactQuery = z.infer<typeof factQuery>;
export const factPage = pageOf(fact);

export const auditRecord = z.object({
  id: z.uuid(),
  recordedAt: z.string(),
  actor: z.object({ kind: z.string(), id: z.string(), name: z.string() }),
  verb: z.string(),
  outcome: z.enum(['done', 'refused']),
  code: z.string().nullable(),
  environment: z.string().nullable(),
  subject: z.object({ kind: z.string(), id: z.string() }),
  detail: z.record(z.string(), z.unknown()),
  requestId: z.string().nullable(),
  address: z.string().nullable(),
});
export type AuditRecord = z.infer<typeof auditRecord>;

export const auditQuery = pageQuery.extend({
  verb: z.string().max(100).optional(),
  outcome: z.enum(['done', 'refused'], 'must be done or refused').optional(),
  actorId: z.string().max(100).optional(),
  from: instant.optional(),
  to: instant.optional(),
});
export type AuditQuery = z.infer<typeof auditQuery>;
export const auditPage = pageOf(auditRecord);

/** One change as CI reports it to `/api/hooks/changes`. */
export const changeInput = z.strictObject({
  id: z.string().min(1, 'must not be empty').max(200).describe('Yours; sent twice, it is recorded once.'),
  kind: z.enum(['deploy', 'config'], 'must be deploy or config'),
  environment: environmentName.optional().describe('The default environment where absent.'),
  services: z.array(serviceName).min(1, 'must name at least one service').max(50, 'must name at most 50 services'),
  at: instant.optional().describe('When it happened; now where absent.'),
  endAt: instant.optional().describe('When it was finished, for a rollout that took time.'),
  version: z.string().min(1).max(100).optional(),
  title: z.string().min(1).max(200).optional(),
  by: z.string().min(1).max(200).optional().describe('The person or the pipeline.'),
  url: z
    .url({ protocol: /^https?$/, error: 'must be an http or https address' })
    .max(2_000)
    .optional(),
  detail: z.string().max(4_000).optional(),
});
export type ChangeInput = z.infer<typeof changeInput>;
