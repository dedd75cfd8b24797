import * as z from 'zod';
import { AlertmanagerError } from './errors.ts';
import type { AlertGroup, HeldAlert, Member, Silence } from './port.ts';

const labels = z.record(z.string(), z.string());
const instant = z.iso.datetime({ offset: true });

const heldAlert = z
  .object({
    fingerprint: z.string().regex(/^[0-9a-f]{16}$/),
    labels,
    annotations: labels.nullish(),
    startsAt: instant,
    endsAt: instant,
    updatedAt: instant,
    generatorURL: z.string().nullish(),
    receivers: z.array(z.object({ name: z.string() })).nullish(),
    status: z.object({
      state: z.enum(['active', 'suppressed', 'unprocessed']),
      silencedBy: z.array(z.string()).nullish(),
      inhibitedBy: z.array(z.string()).nullish(),
    }),
  })
  .transform(
    ({ generatorURL, receivers, status, annotations, ...alert }): HeldAlert => ({
      ...alert,
      annotations: annotations ?? {},
      generatorUrl: generatorURL || null,
      receivers: (receivers ?? []).map(({ name }) => name),
      state: status.state,
      silencedBy: status.silencedBy ?? [],
      inhibitedBy: status.inhibitedBy ?? [],
    }),
  );

export const heldAlerts = z
  .array(heldAlert)
  .nullable()
  .transform((list) => list ?? []);

export const alertGroups = z
  .array(
    z
      .object({ labels: labels.nullish(), receiver: z.object({ name: z.string() }), alerts: heldAlerts })
      .transform(
        ({ labels: of, receiver, alerts }): AlertGroup => ({ labels: of ?? {}, receiver: receiver.name, alerts }),
      ),
  )
  .nullable()
  .transform((list) => list ?? []);

export const silence = z
  .object({
    id: z.string().min(1),
    status: z.object({ state: z.enum(['active', 'pending', 'expired']) }),
    updatedAt: instant,
    comment: z.string().default(''),
    createdBy: z.string().default(''),
    startsAt: instant,
    endsAt: instant,
    // 0.21 and before have no isEqual: there a matcher is always one that must match.
    matchers: z.array(
      z.object({
        name: z.string(),
        value: z.string(),
        isRegex: z.boolean().default(false),
        isEqual: z.boolean().default(true),
      }),
    ),
  })
  .transform(({ status, ...rest }): Silence => ({ ...rest, state: status.state }));

export const silences = z
  .array(silence)
  .nullable()
  .transform((list) => list ?? []);

export const put = z.object({ silenceID: z.string().min(1) }).transform(({ silenceID }) => silenceID);

export const status = z
  .object({
    cluster: z.object({ status: z.string() }).nullish(),
    versionInfo: z.object({ version: z.string() }).nullish(),
  })
  .refine((told) => told.cluster || told.versionInfo, 'says nothing of itself')
  .transform(
    ({ cluster, versionInfo }): Pick<Member, 'version' | 'cluster'> => ({
      version: versionInfo?.version || null,
      cluster: cluster?.status ?? null,
    }),
  );

/** Reads a body as what it should be; `AlertmanagerError` garbled where it is something else. */
export function read<T>(schema: z.ZodType<T>, body: string, type: string, host: string): T {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (error) {
    throw new AlertmanagerError('garbled', garbage(body, type, host), { cause: error });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0] ?? { path: [], message: '' };
  throw new AlertmanagerError(
    'garbled',
    `The answer of ${host} is not that of Alertmanager's API v2 (${path.map(String).join('.') || 'all of it'}: ${message}).`,
  );
}

function garbage(body: string, type: string, host: string): string {
  const start = body.slice(0, 200).trimStart().toLowerCase();
  if (start === '') return `${host} answered with nothing.`;
  if (/text\/html/.test(type) || start.startsWith('<')) {
    return `${host} answered with a web page instead of data. Check the path, or whether a sign-in page stands before it.`;
  }
  return `${host} answered with something that is not Alertmanager's API, or its answer broke off.`;
}
