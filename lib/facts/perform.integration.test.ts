import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { type Actor, fullScope } from '#lib/core/actor.ts';
import { type Context, contextFor } from '#lib/core/context.ts';
import { defineVerb } from '#lib/core/define-verb.ts';
import { AppError } from '#lib/core/errors.ts';
import { newId } from '#lib/core/ids.ts';
import { db } from '#lib/db/index.ts';
import { useTestDatabase } from '#lib/db/testing/database.ts';
import { perform } from './perform.ts';

let done: () => Promise<void>;
beforeAll(async () => {
  done = await useTestDatabase();
});
afterAll(() => done());

const verb = defineVerb({ id: 'test.note', title: 'Note', role: 'responder', changes: true });
const schema = z.strictObject({ text: z.string('must be text').min(1, 'must not be empty') });
const actor = (role: 'viewer' | 'responder'): Actor => ({
  kind: 'person',
  id: newId(),
  name: 'Somebody',
  role,
  scope: fullScope,
});

function note(ctx: Context, input: unknown) {
  return perform(ctx, verb, input, { schema }, async ({ input, now, record }) => {
    record.audit({ kind: 'note', id: input.text });
    const id = await record.fact({
      environment: 'production',
      kind: 'note',
      services: ['payment'],
      startAt: now,
      subject: { kind: 'note', id: input.text },
      title: input.text,
      source: 'test',
    });
    if (input.text === 'boom') throw new Error('boom');
    return { id };
  });
}

const auditOf = (ctx: Context) => db().auditRecord.findMany({ where: { requestId: ctx.requestId } });
const factsOf = (text: string) => db().fact.count({ where: { title: text } });

describe('a verb that changes something', () => {
  test('writes its fact and exactly one audit record', async () => {
    const ctx = contextFor(actor('responder'));
    await note(ctx, { text: 'hello' });
    expect(await auditOf(ctx)).toMatchObject([{ verb: 'test.note', outcome: 'done', subjectId: 'hello' }]);
    expect(await factsOf('hello')).toBe(1);
  });

  test('refuses a role that is too low with 403, and audits the refusal', async () => {
    const ctx = contextFor(actor('viewer'));
    await expect(note(ctx, { text: 'no' })).rejects.toMatchObject({ status: 403, code: 'auth.role_too_low' });
    expect(await auditOf(ctx)).toMatchObject([{ outcome: 'refused', code: 'auth.role_too_low' }]);
    expect(await factsOf('no')).toBe(0);
  });

  test('refuses nobody with 401', async () => {
    await expect(note(contextFor(null), { text: 'no' })).rejects.toMatchObject({ status: 401 });
  });

  test('names every bad field', async () => {
    const error = await note(contextFor(actor('responder')), { text: '', extra: 1 }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AppError);
    expect((error as AppError).errors).toContainEqual({
      path: 'text',
      code: 'too_small',
      message: 'must not be empty',
    });
  });

  test('keeps nothing when it fails half way', async () => {
    const ctx = contextFor(actor('responder'));
    await expect(note(ctx, { text: 'boom' })).rejects.toThrow('boom');
    expect(await factsOf('boom')).toBe(0);
    expect(await auditOf(ctx)).toEqual([]);
  });
});

describe('an idempotency key', () => {
  const keyed = (who: Actor, id: string, bodyHash: string): Context => ({
    ...contextFor(who),
    idempotency: { id, bodyHash },
  });

  test('sent eight times at once does the work once and answers all alike', async () => {
    const who = actor('responder');
    const key = newId();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => note(keyed(who, key, 'same'), { text: `once ${key}` })),
    );
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(await factsOf(`once ${key}`)).toBe(1);
  });

  test('with another body is refused with 422', async () => {
    const who = actor('responder');
    const key = newId();
    await note(keyed(who, key, 'one'), { text: 'one' });
    await expect(note(keyed(who, key, 'two'), { text: 'two' })).rejects.toMatchObject({ status: 422 });
  });

  test('does not replay for somebody who has lost the right', async () => {
    const who = actor('responder');
    const key = newId();
    await note(keyed(who, key, 'one'), { text: 'mine' });
    const demoted = { ...who, role: 'viewer' as const };
    await expect(note(keyed(demoted, key, 'one'), { text: 'mine' })).rejects.toMatchObject({ status: 403 });
  });
});
