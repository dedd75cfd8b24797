import {
  type Alertmanager,
  alertmanager,
  isAlertmanagerError,
  matcherText,
  type SilenceMatcher,
  sameSilence,
  type Silence as UpstreamSilence,
} from '#lib/adapters/alertmanager/index.ts';
import type { Actor } from '#lib/core/actor.ts';
import { config } from '#lib/core/config.ts';
import type { Call, Context } from '#lib/core/context.ts';
import { AppError } from '#lib/core/errors.ts';
import { log } from '#lib/core/log.ts';
import { db } from '#lib/db/index.ts';
import { authorize, perform } from '#lib/facts/index.ts';
import { readLabels } from './label-rules.ts';
import { reconcile } from './reconcile.ts';
import { expireInput, type Silence, type SilencePreview, silenceInput, silencePreviewInput } from './schemas.ts';
import { matcherProblem } from './silence-rules.ts';
import { requireInside, staysInside, subjectOf } from './silence-scope.ts';
import { wantList } from './state-store.ts';
import * as verbs from './verbs.ts';
import { reaches } from './view.ts';

const longestMs = 30 * 86_400_000;
/** A transaction waits for it, so it is given less time than that has. */
const patienceMs = 8_000;
const soonMs = 3_000;
const expiredShown = 100;

const invalid = (path: string, message: string) =>
  new AppError('request.invalid', `${path}: ${message}`, { errors: [{ path, code: 'invalid', message }] });

/** What Alertmanager itself refuses is about the matchers, unless it says otherwise. */
function inWords(error: unknown): unknown {
  if (!isAlertmanagerError(error)) return error;
  if (error.kind === 'invalid') return invalid('matchers', error.detail);
  return new AppError(error.code, `Silences are kept by Alertmanager, which does not take this now. ${error.detail}`, {
    cause: error,
    retryAfterSeconds: 10,
  });
}

async function asked<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw inWords(error);
  }
}

/** Active and pending silences and the last that ended, as Alertmanager has them; a token sees those inside its scope. */
export async function listSilences({ ctx }: { ctx: Context }): Promise<{ items: Silence[]; nextCursor: null }> {
  const actor = await authorize(ctx, verbs.listSilences);
  const all = await asked(alertmanager().silences({ signal: ctx.signal }));
  const quieted = await quietedBy();
  const seen = all.filter(({ matchers }) => staysInside(actor, matchers));
  const [over, standing] = [
    seen.filter(({ state }) => state === 'expired'),
    seen.filter(({ state }) => state !== 'expired'),
  ];
  const items = [...standing, ...over.slice(0, expiredShown)].map((one) => toSilence(one, quieted.get(one.id) ?? []));
  return { items, nextCursor: null };
}

async function quietedBy(): Promise<Map<string, string[]>> {
  const rows = await db().$queryRaw<{ id: string; silenced_by: string[] }[]>`
    select id, silenced_by from alert where status = 'firing' and silenced_by <> '{}'`;
  const found = new Map<string, string[]>();
  for (const { id, silenced_by } of rows) {
    for (const silence of silenced_by) found.set(silence, [...(found.get(silence) ?? []), id]);
  }
  return found;
}

function toSilence({ comment, ...silence }: UpstreamSilence, alerts: string[]): Silence {
  return { ...silence, reason: comment, alerts };
}

/** What a silence with these matchers would quiet now, as Alertmanager itself matches them. */
export async function previewSilence({ ctx, input }: { ctx: Context; input: unknown }): Promise<SilencePreview> {
  const actor = await authorize(ctx, verbs.listSilences);
  const parsed = silencePreviewInput.safeParse(input);
  if (!parsed.success) throw invalid('matchers', parsed.error.issues[0]?.message ?? 'cannot be read');
  const matchers = parsed.data;
  const problem = matcherProblem(matchers);
  const matched = await asked(matching(alertmanager(), matchers, ctx.signal));
  const seen = matched.filter((one) => reaches(actor, one));
  const rows = await db().$queryRaw<{ id: string }[]>`
    select id from alert where status = 'firing' and fingerprint = any(${seen.map((one) => one.fingerprint)}::text[])
    order by starts_at desc, id desc`;
  return { alerts: rows.map(({ id }) => id), matched: seen.length, problem };
}

async function matching(door: Alertmanager, matchers: readonly SilenceMatcher[], signal?: AbortSignal) {
  const { QD_ENVIRONMENT_LABEL: environmentLabel, QD_DEFAULT_ENVIRONMENT: defaultEnvironment } = config();
  const held = await door.alerts({ matchers, signal });
  return held.map(({ fingerprint, labels }) => ({
    fingerprint,
    ...readLabels(labels, { environmentLabel, defaultEnvironment }),
  }));
}

/**
 * Quiets alerts for a while, through Alertmanager. Refused where it would quiet everything, last longer than 30 days,
 * or reach beyond the scope of a token. The same asked again by the same person is the same silence.
 */
export async function createSilence({ ctx, input }: Call): Promise<Silence> {
  const made = await perform(ctx, verbs.createSilence, input, { schema: silenceInput }, async (work) => {
    const { actor, input: wanted, now, record } = work;
    const { startsAt, endsAt } = timesOf(wanted, now);
    const problem = matcherProblem(wanted.matchers);
    if (problem) throw invalid('matchers', problem);
    requireInside(actor, wanted.matchers);
    const door = alertmanager();
    const signal = AbortSignal.any([AbortSignal.timeout(patienceMs), ...(ctx.signal ? [ctx.signal] : [])]);
    const silence = {
      matchers: wanted.matchers,
      startsAt: startsAt.toISOString(),
      endsAt: endsAt.toISOString(),
      createdBy: actor.name,
      comment: wanted.reason,
    };
    const upstream = await asked(
      inTime(async () => {
        await refuseBeyond(actor, door, wanted.matchers, signal);
        const standing = (await door.silences({ signal })).find(
          (one) => one.state !== 'expired' && sameSilence(one, silence),
        );
        return standing ?? { ...silence, id: await door.putSilence(silence, { signal }) };
      }, signal),
    );
    const written = wanted.matchers.map(matcherText).join(', ');
    const { environments, services } = subjectOf(wanted.matchers);
    for (const environment of environments ?? [config().QD_DEFAULT_ENVIRONMENT]) {
      await record.fact({
        environment,
        kind: 'alert',
        services: services ?? [],
        startAt: startsAt,
        endAt: endsAt,
        subject: { kind: 'silence', id: upstream.id },
        title: `Silenced ${written}: ${wanted.reason}`.slice(0, 200),
        payload: { silence: upstream.id, matchers: wanted.matchers, reason: wanted.reason },
        source: 'silence',
        idempotencyKey: `silence:${upstream.id}:${environment}`,
      });
    }
    const detail = { matchers: written, startsAt: silence.startsAt, endsAt: silence.endsAt, reason: wanted.reason };
    record.audit({ kind: 'silence', id: upstream.id }, detail, environments?.[0]);
    await record.changed('silences', upstream.id);
    await record.changed('facts', upstream.id);
    const state: Silence['state'] = startsAt > now ? 'pending' : 'active';
    return toSilence({ updatedAt: now.toISOString(), state, ...upstream }, []);
  });
  if (!ctx.idempotency?.replayed) await readListSoon();
  return { ...made, alerts: (await quietedBy()).get(made.id) ?? made.alerts };
}

/** Ends a silence now, through Alertmanager. */
export async function expireSilence({ ctx, input, id }: Call & { id: string }): Promise<Silence> {
  const ended = await perform(
    ctx,
    verbs.expireSilence,
    input,
    { schema: expireInput },
    async ({ actor, tx, now, record }) => {
      const door = alertmanager();
      const signal = AbortSignal.any([AbortSignal.timeout(patienceMs), ...(ctx.signal ? [ctx.signal] : [])]);
      const known = await asked(inTime(() => door.silence(id, { signal }), signal));
      if (!known) throw new AppError('silence.unknown', `Alertmanager has no silence ${id} (any more).`);
      requireInside(actor, known.matchers);
      if (known.state === 'expired') throw new AppError('silence.over', `It was over at ${known.endsAt} already.`);
      await asked(inTime(() => door.expireSilence(id, { signal }), signal));
      const facts = await tx.$queryRaw<SilenceFact[]>`
      select id, environment, services, start_at, title, payload from fact f
      where subject_kind = 'silence' and subject_id = ${id}
        and not exists (select from fact later where later.supersedes = f.id)`;
      for (const fact of facts) {
        await record.fact({
          environment: fact.environment,
          kind: 'alert',
          services: fact.services,
          startAt: new Date(Math.min(fact.start_at.getTime(), now.getTime())),
          endAt: now,
          subject: { kind: 'silence', id },
          title: fact.title,
          payload: { ...fact.payload, endedBy: actor.name },
          source: 'silence',
          supersedes: fact.id,
        });
      }
      const { environments } = subjectOf(known.matchers);
      record.audit(
        { kind: 'silence', id },
        { matchers: known.matchers.map(matcherText).join(', ') },
        environments?.[0],
      );
      await record.changed('silences', id);
      if (facts.length > 0) await record.changed('facts', id);
      return toSilence({ ...known, state: 'expired', endsAt: now.toISOString(), updatedAt: now.toISOString() }, []);
    },
  );
  if (!ctx.idempotency?.replayed) await readListSoon();
  return ended;
}

interface SilenceFact {
  id: string;
  environment: string;
  services: string[];
  start_at: Date;
  title: string;
  payload: Record<string, unknown>;
}

function timesOf(wanted: { startsAt?: string; endsAt: string }, now: Date): { startsAt: Date; endsAt: Date } {
  const given = wanted.startsAt ? new Date(wanted.startsAt) : now;
  const startsAt = given < now ? now : given;
  const endsAt = new Date(wanted.endsAt);
  if (!(endsAt > startsAt)) throw invalid('endsAt', 'must be after the start, and not in the past');
  if (endsAt.getTime() - startsAt.getTime() > longestMs)
    throw invalid('endsAt', 'must be at most 30 days after the start');
  return { startsAt, endsAt };
}

/** A token with a narrow scope quiets nothing outside of it, whatever other labels an alert has. */
async function refuseBeyond(actor: Actor, door: Alertmanager, matchers: SilenceMatcher[], signal: AbortSignal) {
  if (!('scope' in actor) || (actor.scope.services === 'all' && actor.scope.environments === 'all')) return;
  const beyond = (await matching(door, matchers, signal)).find((one) => !reaches(actor, one));
  if (!beyond) return;
  throw new AppError(
    'auth.scope_too_narrow',
    `It would quiet ${beyond.name} of ${beyond.service ?? 'no service'} in ${beyond.environment}, which this token does not reach.`,
  );
}

/** Turns having waited too long into words. */
async function inTime<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error;
    throw new AppError('source.timeout', `Alertmanager gave no answer within ${patienceMs / 1_000} s.`, {
      cause: error,
      retryAfterSeconds: 10,
    });
  }
}

/** So that people see at once what a silence does; where that fails, the worker does it. */
async function readListSoon(): Promise<void> {
  try {
    await reconcile({ signal: AbortSignal.timeout(soonMs) });
  } catch (error) {
    log().debug({ err: error }, "Alertmanager's list could not be read after a silence");
    await wantList(db()).catch(() => undefined);
  }
}
