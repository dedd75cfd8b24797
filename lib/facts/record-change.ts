import { config } from '#lib/core/config.ts';
import type { Call } from '#lib/core/context.ts';
import { AppError } from '#lib/core/errors.ts';
import { perform } from './perform.ts';
import { changeInput } from './schemas.ts';
import { factIdOf } from './store.ts';
import * as verbs from './verbs.ts';

/**
 * Records a deploy or a config change that CI reports. Sent twice under one id, it is recorded once, and the second
 * answer names the first record.
 */
export async function recordChange({ ctx, input }: Call): Promise<{ id: string; recorded: boolean }> {
  return perform(
    ctx,
    verbs.recordChange,
    input,
    {
      schema: changeInput,
      target: ({ environment, services }) => ({ environment: environmentOf(environment), services }),
    },
    async ({ tx, actor, input: change, now, record }) => {
      const environment = environmentOf(change.environment);
      const services = [...new Set(change.services)];
      const startAt = change.at ? new Date(change.at) : now;
      const endAt = change.endAt ? new Date(change.endAt) : null;
      if (endAt && endAt < startAt) {
        const message = 'must not be before at';
        throw new AppError('request.invalid', `endAt: ${message}`, {
          errors: [{ path: 'endAt', code: 'order', message }],
        });
      }
      const idempotencyKey = `change:${environment}:${change.id}`;
      const recorded = await record.fact({
        environment,
        kind: change.kind,
        services,
        startAt,
        endAt,
        subject: { kind: 'change', id: change.id },
        title: change.title ?? titleOf({ ...change, services }),
        payload: { version: change.version, by: change.by, url: change.url, detail: change.detail },
        source: actor.kind === 'hook' ? 'hook' : 'api',
        idempotencyKey,
      });
      record.audit({ kind: 'change', id: change.id }, { services, recorded: recorded !== null }, environment);
      if (recorded) await record.changed('facts', recorded);
      const id = recorded ?? (await factIdOf(tx, idempotencyKey));
      if (!id) throw new AppError('facts.duplicate', `${change.id} was recorded before.`);
      return { id, recorded: recorded !== null };
    },
  );
}

const environmentOf = (given: string | undefined) => given ?? config().QD_DEFAULT_ENVIRONMENT;

function titleOf({ kind, services, version }: { kind: string; services: string[]; version?: string }): string {
  const what = kind === 'deploy' ? 'Deploy of' : 'Config change of';
  return [what, services.join(', '), version].filter(Boolean).join(' ');
}
