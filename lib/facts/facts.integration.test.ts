import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Actor, fullScope, type Role, type Scope } from '#lib/core/actor.ts';
import { contextFor } from '#lib/core/context.ts';
import { newId } from '#lib/core/ids.ts';
import { withTransaction } from '#lib/db/index.ts';
import { useTestDatabase } from '#lib/db/testing/database.ts';
import { listFacts } from './list-facts.ts';
import { factQuery } from './schemas.ts';
import { insertFact, type NewFact } from './store.ts';

let done: () => Promise<void>;
beforeAll(async () => {
  done = await useTestDatabase();
});
afterAll(() => done());

let env: string;
beforeEach(() => {
  env = `e-${newId()}`;
});

const person = (role: Role = 'viewer', id = newId()): Actor => ({
  kind: 'person',
  id,
  name: 'P',
  role,
  scope: fullScope,
});
const token = (scope: Partial<Scope>): Actor => ({
  kind: 'token',
  id: newId(),
  name: 'T',
  ownerId: newId(),
  role: 'admin',
  scope: { ...fullScope, ...scope },
});
const at = (minute: number) => new Date(Date.UTC(2026, 10, 21, 12, minute));
const time = (minute: number) => at(minute).toISOString();

async function append(title: string, fact: Partial<NewFact> = {}): Promise<string> {
  const id = await withTransaction((tx) =>
    insertFact(tx, {
      environment: env,
      kind: 'deploy',
      services: ['payment'],
      startAt: at(0),
      actor: { kind: 'job', id: 'test', name: 'Test' },
      subject: { kind: 'test', id: title },
      title,
      source: 'test',
      ...fact,
    }),
  );
  return id ?? '';
}

async function list(query: Record<string, unknown> = {}, actor: Actor = person()) {
  return listFacts({ ctx: contextFor(actor), query: factQuery.parse({ env, ...query }) });
}
const titles = async (query: Record<string, unknown> = {}, actor?: Actor) =>
  (await list(query, actor)).items.map(({ title }) => title);

describe('facts of a time range', () => {
  test('are those that overlap it, its ends included, newest first', async () => {
    await append('before', { startAt: at(0), endAt: at(9) });
    await append('ends at its beginning', { startAt: at(0), endAt: at(10) });
    await append('spans it', { startAt: at(5), endAt: at(40) });
    await append('instant within', { startAt: at(15) });
    await append('begins at its end', { startAt: at(20), endAt: at(30) });
    await append('after', { startAt: at(21) });
    await append('instant before', { startAt: at(9) });
    expect(await titles({ from: time(10), to: time(20) })).toEqual([
      'begins at its end',
      'instant within',
      'spans it',
      'ends at its beginning',
    ]);
  });

  test.each(['fault', 'incident', 'alert'] as const)(
    'without an end: a %s goes on, a deploy does not',
    async (kind) => {
      await append('goes on', { kind, startAt: at(0) });
      await append('is over', { kind: 'deploy', startAt: at(0) });
      expect(await titles({ from: time(10) })).toEqual(['goes on']);
    },
  );

  test('may be given in any time zone', async () => {
    await append('noon', { startAt: at(0) });
    expect(await titles({ from: '2026-11-22T11:00:00+23:00', to: '2026-11-21T00:00:00-12:00' })).toEqual(['noon']);
    expect(await titles({ from: '2026-11-21T12:00:00.001Z' })).toEqual([]);
  });
});

describe('facts', () => {
  test('are narrowed by environment, service and kinds', async () => {
    await append('a', { services: ['payment', 'order'] });
    await append('b', { services: ['order'], kind: 'config' });
    await append('c', { services: [], kind: 'note' });
    expect(await titles({ service: 'payment' })).toEqual(['a']);
    expect((await titles({ service: 'order' })).sort()).toEqual(['a', 'b']);
    expect((await titles({ kind: ['config', 'note'] })).sort()).toEqual(['b', 'c']);
    expect(await titles({ kind: 'note' })).toEqual(['c']);
    expect(await titles({ env: 'elsewhere' })).toEqual([]);
  });

  test('that were superseded are hidden, down a chain of corrections', async () => {
    const first = await append('first');
    const second = await append('second', { supersedes: first });
    expect(await titles()).toEqual(['second']);
    await append('third', { supersedes: second, endAt: at(5) });
    const { items } = await list();
    expect(items).toMatchObject([{ title: 'third', supersedes: second, endAt: time(5) }]);
  });

  test('are recorded once for one idempotency key', async () => {
    const idempotencyKey = newId();
    expect(await append('once', { idempotencyKey })).not.toBe('');
    expect(await append('twice', { idempotencyKey })).toBe('');
    expect(await titles()).toEqual(['once']);
  });

  test('come back as they were written', async () => {
    const id = await append('whole', {
      endAt: at(3),
      payload: { version: '4.2.0', by: undefined, nested: { n: [1] } },
    });
    expect((await list()).items).toEqual([
      {
        id,
        environment: env,
        kind: 'deploy',
        services: ['payment'],
        startAt: time(0),
        endAt: time(3),
        recordedAt: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/),
        actor: { kind: 'job', id: 'test', name: 'Test' },
        subject: { kind: 'test', id: 'whole' },
        title: 'whole',
        payload: { version: '4.2.0', nested: { n: [1] } },
        source: 'test',
        supersedes: null,
      },
    ]);
  });

  test.each(["'; drop table fact; --", '<script>alert(1)</script>', '🛥 ü', '\\', '%', '{}'])(
    'carry %j as text',
    async (text) => {
      await append(text, { services: [text], payload: { text } });
      expect(await titles({ service: text })).toEqual([text]);
    },
  );
});

describe('pages of facts', () => {
  test('meet every fact once, in a fixed order, however many share a time and whatever is added meanwhile', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 25; index++) ids.push(await append(`${index}`, { startAt: at(index % 3) }));
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await list({ limit: 4, cursor });
      expect(page.items.length).toBeLessThanOrEqual(4);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
      await append('newer', { startAt: at(30) });
    } while (cursor);
    expect(seen.toSorted()).toEqual(ids.toSorted());
    const all = (await list({ limit: 500 })).items.filter(({ title }) => title !== 'newer');
    expect(seen).toEqual(all.map(({ id }) => id));
  });

  test('refuse a cursor that is not theirs', async () => {
    await expect(list({ cursor: 'nonsense' })).rejects.toMatchObject({ code: 'request.cursor_invalid' });
  });
});

describe('who sees a fact', () => {
  test('are those in its audience', async () => {
    const ada = newId();
    await append('for all');
    await append('for commanders', { audience: 'role:commander' });
    await append('for ada', { audience: `person:${ada}` });
    await append('for an incident', { audience: 'incident:7' });
    const seen = async (actor: Actor) => (await titles({}, actor)).sort();
    expect(await seen(person('viewer'))).toEqual(['for all']);
    expect(await seen(person('commander'))).toEqual(['for all', 'for commanders']);
    expect(await seen(person('viewer', ada))).toEqual(['for ada', 'for all']);
    expect(await seen({ kind: 'job', id: 'j', name: 'J' })).toHaveLength(4);
  });

  test('is narrowed by the scope of a token', async () => {
    await append('payment', { services: ['payment'] });
    await append('order', { services: ['order', 'product'] });
    await append('of no service', { services: [] });
    const seen = async (scope: Partial<Scope>) => (await titles({}, token(scope))).sort();
    expect(await seen({})).toEqual(['of no service', 'order', 'payment']);
    expect(await seen({ services: ['product', 'x'] })).toEqual(['order']);
    expect(await seen({ environments: [env] })).toHaveLength(3);
    expect(await seen({ environments: ['elsewhere'] })).toEqual([]);
    expect(await seen({ environments: [env], services: ['payment'] })).toEqual(['payment']);
  });

  test('nobody is refused', async () => {
    await expect(listFacts({ ctx: contextFor(null), query: factQuery.parse({}) })).rejects.toMatchObject({
      status: 401,
    });
  });
});

describe('a query of facts', () => {
  test.each([
    [{ from: 'yesterday' }, 'from', 'must be a time such as 2026-11-21T14:30:00Z'],
    [{ to: '0000-01-01T00:00:00Z' }, 'to', 'must be a time after 1970'],
    [{ from: '1969-12-31T23:59:59Z' }, 'from', 'must be a time after 1970'],
    [{ kind: 'party' }, 'kind', 'must be among deploy, config, scaling, alert, fault, incident, note'],
    [{ env: 'a b' }, 'env', 'may have letters, digits and . _ : / -'],
    [{ service: '' }, 'service', 'must not be empty'],
  ])('%j names the field %s', (query, field, message) => {
    const { error } = factQuery.safeParse(query);
    expect(error?.issues.map(({ path, message }) => [path[0], message])).toEqual([[field, message]]);
  });
});
