import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { makePerson, type TestPerson } from '#lib/auth/testing/accounts.ts';
import { fullScope, type Scope } from '#lib/core/actor.ts';
import { type Context, contextFor } from '#lib/core/context.ts';
import { newId } from '#lib/core/ids.ts';
import { db } from '#lib/db/index.ts';
import { useTestDatabase } from '#lib/db/testing/database.ts';
import { archiveSlo } from './archive-slo.ts';
import { createSlo } from './create-slo.ts';
import { exportSlo, exportSlos } from './export-slos.ts';
import { importSlos } from './import-slos.ts';
import { listRevisions } from './list-revisions.ts';
import { readOpenSlo } from './openslo/index.ts';
import { selectSlo } from './store.ts';
import { openSlo } from './testing/definitions.ts';
import { updateSlo } from './update-slo.ts';

vi.stubEnv('LOG_LEVEL', 'fatal');

const environment = 'production';
let done: () => Promise<void>;
let ada: TestPerson;
let grace: TestPerson;
beforeAll(async () => {
  done = await useTestDatabase();
  [ada, grace] = [await makePerson('commander'), await makePerson('commander')];
});
afterAll(() => done());

const as = (person: TestPerson, name: string) => contextFor({ ...person.actor, name });
const token = (scope: Partial<Scope>): Context =>
  contextFor({
    kind: 'token',
    id: newId(),
    name: 'ci',
    ownerId: ada.id,
    role: 'commander',
    scope: { ...fullScope, ...scope },
  });
const newName = () => `slo-${newId().slice(-12)}`;
const create = (source: string, ctx = as(ada, 'Ada')) => createSlo({ ctx, environment, input: { source } });
const update = (name: string, input: object, ctx = as(ada, 'Ada')) =>
  updateSlo({ ctx, address: { environment, name }, input });
const archive = (name: string, input: object, ctx = as(ada, 'Ada')) =>
  archiveSlo({ ctx, address: { environment, name }, input });
const importAll = (source: string, more: object = {}, ctx = as(ada, 'Ada')) =>
  importSlos({ ctx, environment, input: { source, ...more } });
const revisions = async (name: string) =>
  (await listRevisions({ ctx: as(ada, 'Ada'), address: { environment, name } })).items;
const stored = (name: string) => selectSlo(db(), environment, name);
const factsOf = (service: string) =>
  db().fact.findMany({ where: { services: { has: service } }, orderBy: { recordedAt: 'asc' } });
const auditOf = (ctx: Context) => db().auditRecord.findMany({ where: { requestId: ctx.requestId } });
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error) => error,
  );

describe('creating an SLO', () => {
  test('keeps it as written with who wrote it, begins its ledger, and marks its service', async () => {
    const [name, service] = [newName(), newName()];
    const source = `# agreed in October\n${openSlo({ name, service })}`;
    const ctx = as(ada, 'Ada');
    const saved = await createSlo({ ctx, environment, input: { source, note: 'As agreed' } });
    expect(saved).toMatchObject({ name, environment, outcome: 'created', revision: 1, ledgerRevision: 1, version: 1 });
    expect(await revisions(name)).toMatchObject([
      { revision: 1, source, actor: { name: 'Ada' }, changes: ['created'], note: 'As agreed', target: 0.999 },
    ]);
    const slo = await stored(name);
    expect(await db().sloState.findUnique({ where: { sloId: slo?.id ?? '' } })).toMatchObject({
      revision: 1,
      backfill: 'none',
    });
    expect(await factsOf(service)).toMatchObject([
      { kind: 'config', subjectKind: 'slo', subjectId: slo?.id, title: `SLO ${name} created: 99.9 % over 30 days` },
    ]);
    expect(await auditOf(ctx)).toMatchObject([{ verb: 'slos.create', outcome: 'done', subjectId: slo?.id }]);
  });

  test('names the line of every problem and keeps nothing', async () => {
    const name = newName();
    const source = openSlo({ name })
      .replace('isRolling: true', 'isRolling: maybe')
      .replace('target: 0.999', 'target: high');
    const error = await refusal(create(source));
    expect(error).toMatchObject({ code: 'slo.invalid', status: 400 });
    const lines = source.split('\n');
    const lineOf = (text: string) => lines.findIndex((line) => line.includes(text)) + 1;
    expect(error.errors).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          line: lineOf('isRolling'),
          message: expect.stringMatching(/^line \d+: spec\.timeWindow/),
        }),
        expect.objectContaining({ line: lineOf('target'), path: 'spec.objectives[0].target' }),
      ]),
    );
    expect(await stored(name)).toBeNull();
  });

  test.each([
    ['no YAML', () => 'a: [', /^line 1: /],
    [
      'no SLO',
      () => 'apiVersion: openslo/v1\nkind: Service\nmetadata:\n  name: a\nspec: {}\n',
      /no document of kind SLO/,
    ],
    ['two of them', () => [openSlo({ name: newName() }), openSlo({ name: newName() })].join('---\n'), /second SLO/],
    ['a name that is an address', () => openSlo({ name: 'import' }), /import/],
    [
      'a policy that nobody wrote',
      () => openSlo({ name: newName() }).replace('spec:', '  annotations:\n    quarterdeck.dev/policy: strict\nspec:'),
      /no policy “strict”/,
    ],
    ['U+0000 by an escape', () => openSlo().replace(/displayName: .*/, 'displayName: "a\\0b"'), /U\+0000/],
    ['half a surrogate pair', () => openSlo().replace(/displayName: .*/, 'displayName: "a\\ud800b"'), /surrogate/],
  ])('refuses %s', async (_, source, detail) => {
    expect(await refusal(create(source()))).toMatchObject({
      code: 'slo.invalid',
      detail: expect.stringMatching(detail),
    });
  });

  test('refuses a name that there is, also of two at once', async () => {
    const name = newName();
    const both = await Promise.allSettled([create(openSlo({ name })), create(openSlo({ name, target: 0.99 }))]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'slo.name_taken' } });
    expect(await refusal(create(openSlo({ name })))).toMatchObject({
      status: 409,
      errors: [{ path: 'metadata.name' }],
    });
    expect(await revisions(name)).toHaveLength(1);
  });

  test('is done once for one Idempotency-Key, and another body under it is refused', async () => {
    const name = newName();
    const id = newId();
    const keyed = (bodyHash: string): Context => ({ ...as(ada, 'Ada'), idempotency: { id, bodyHash } });
    const first = await create(openSlo({ name }), keyed('a'));
    const again = keyed('a');
    expect(await create(openSlo({ name }), again)).toEqual(first);
    expect(again.idempotency?.replayed).toBe(true);
    expect(await refusal(create(openSlo({ name }), keyed('b')))).toMatchObject({ code: 'request.idempotency_reused' });
    expect(await revisions(name)).toHaveLength(1);
  });
});

describe('changing an SLO', () => {
  test('of two people at once lets one win and tells the other who changed what', async () => {
    const name = newName();
    await create(openSlo({ name }));
    const both = await Promise.allSettled([
      update(name, { version: 1, source: openSlo({ name, target: 0.9995 }) }, as(ada, 'Ada')),
      update(name, { version: 1, source: openSlo({ name, target: 0.99 }) }, as(grace, 'Grace')),
    ]);
    const [won, lost] = both[0].status === 'fulfilled' ? ['Ada', both[1]] : ['Grace', both[0]];
    const target = won === 'Ada' ? '99.95 %' : '99 %';
    expect(lost).toMatchObject({ status: 'rejected', reason: { code: 'slo.stale', status: 409 } });
    const { detail } = (lost as PromiseRejectedResult).reason;
    expect(detail).toMatch(new RegExp(`^${won} changed it at [\\d-]+ [\\d:]+ UTC: target 99.9 % → ${target}\\.`));
    expect(detail).toContain('version 2 now, you saw 1');
    expect(await revisions(name)).toMatchObject([
      { revision: 2, changes: [`target 99.9 % → ${target}`] },
      { revision: 1 },
    ]);
  });

  test('begins the ledger anew only where something else is measured', async () => {
    const name = newName();
    await create(openSlo({ name }));
    const slo = await stored(name);
    const ledgerUntil = new Date('2026-11-01T00:00:00Z');
    await db().sloState.update({ where: { sloId: slo?.id }, data: { ledgerUntil, backfill: 'done' } });
    const state = () => db().sloState.findUniqueOrThrow({ where: { sloId: slo?.id } });
    expect(await update(name, { version: 1, source: openSlo({ name, target: 0.99, days: 7 }) })).toMatchObject({
      revision: 2,
      ledgerRevision: 1,
      changes: ['target 99.9 % → 99 %', 'window 30 days → 7 days'],
    });
    expect(await state()).toMatchObject({ revision: 1, ledgerUntil, backfill: 'done' });
    const route = '/other';
    expect(await update(name, { version: 2, source: openSlo({ name, route }) })).toMatchObject({ ledgerRevision: 3 });
    expect(await state()).toMatchObject({ revision: 3, ledgerUntil: null, backfill: 'none', figures: null });
  });

  test('to what it is makes no revision; its comments alone do', async () => {
    const name = newName();
    await create(openSlo({ name }));
    const same = await update(name, { version: 1, source: openSlo({ name }) });
    expect(same).toMatchObject({ outcome: 'unchanged', version: 1, revision: 1 });
    const commented = await update(name, { version: 1, source: `# why\n${openSlo({ name })}` });
    expect(commented).toMatchObject({ outcome: 'updated', version: 2, changes: ['only its text'] });
  });

  test.each<[string, (name: string) => string, string]>([
    ['name', () => openSlo({ name: newName() }), 'metadata.name'],
    ['environment', (name) => openSlo({ name, environment: 'staging' }), 'metadata.annotations'],
  ])('refuses another %s: address and history hang on it', async (_, source, path) => {
    const name = newName();
    await create(openSlo({ name }));
    expect(await refusal(update(name, { version: 1, source: source(name) }))).toMatchObject({
      code: 'slo.invalid',
      errors: [{ path, line: 1 }],
    });
    expect(await revisions(name)).toHaveLength(1);
  });

  test('is refused where there is none', async () => {
    expect(await refusal(update(newName(), { version: 1, source: openSlo() }))).toMatchObject({ code: 'slo.unknown' });
    expect(await refusal(archive(newName(), { version: 1 }))).toMatchObject({ code: 'slo.unknown' });
  });

  test('marks the service that it leaves and the one that it comes to', async () => {
    const [name, from, to] = [newName(), newName(), newName()];
    await create(openSlo({ name, service: from }));
    await update(name, { version: 1, source: openSlo({ name, service: to }) });
    expect((await factsOf(from)).at(-1)?.services.toSorted()).toEqual([from, to].toSorted());
  });
});

describe('removing an SLO', () => {
  test('keeps what it said; creating its name brings it back as the next revision', async () => {
    const [name, service] = [newName(), newName()];
    await create(openSlo({ name, service }));
    expect(await refusal(archive(name, { version: 7 }))).toMatchObject({ code: 'slo.stale' });
    const archived = await archive(name, { version: 1, note: 'The service is gone' });
    expect(archived).toMatchObject({ outcome: 'archived', revision: 2, ledgerRevision: 1, version: 2 });
    expect(await stored(name)).toBeNull();
    expect(await refusal(archive(name, { version: 2 }))).toMatchObject({ code: 'slo.unknown' });
    const back = await create(openSlo({ name, service, target: 0.99 }), as(grace, 'Grace'));
    expect(back).toMatchObject({ outcome: 'created', revision: 3, ledgerRevision: 1, version: 3 });
    expect(await revisions(name)).toMatchObject([
      { revision: 3, actor: { name: 'Grace' }, changes: ['created again', 'target 99.9 % → 99 %'] },
      { revision: 2, changes: ['removed'], note: 'The service is gone' },
      { revision: 1, changes: ['created'] },
    ]);
    expect((await factsOf(service)).map(({ title }) => title.slice(name.length + 5))).toEqual([
      'created: 99.9 % over 30 days',
      'removed',
      'created: 99 % over 30 days',
    ]);
  });
});

describe('importing', () => {
  test('keeps what is right and says of the rest why not, with its line', async () => {
    const [fresh, known, same, bad, locked] = [newName(), newName(), newName(), newName(), newName()];
    await create(openSlo({ name: known }));
    await create(openSlo({ name: same }));
    await create(openSlo({ name: locked }));
    await db().slo.updateMany({ where: { name: locked }, data: { origin: 'file', file: 'slos/locked.yaml' } });
    const documents = [
      openSlo({ name: fresh }),
      openSlo({ name: known, target: 0.99 }),
      openSlo({ name: bad, target: 7 }),
      openSlo({ name: same }),
      openSlo({ name: locked, target: 0.5 }),
    ];
    const source = documents.join('---\n');
    const expected = [
      { name: fresh, outcome: 'created', changes: ['created'], reason: null, line: 1 },
      { name: known, outcome: 'updated', changes: ['target 99.9 % → 99 %'], reason: null },
      { name: same, outcome: 'unchanged', changes: [], reason: null },
      { name: locked, outcome: 'refused', reason: `${locked} lives in slos/locked.yaml: change it there.` },
    ];
    const tried = await importAll(source, { dryRun: true });
    expect(tried.items).toMatchObject(expected);
    expect(await stored(fresh)).toBeNull();
    expect((await stored(known))?.definition.target).toBe(0.999);
    const done = await importAll(source);
    expect(done).toEqual(tried);
    const line = source.split('\n').indexOf('    - target: 7') + 1;
    expect(done.problems).toMatchObject([{ level: 'error', line, path: 'spec.objectives[0].target' }]);
    expect((await stored(fresh))?.revision).toBe(1);
    expect((await stored(known))?.definition.target).toBe(0.99);
    expect((await stored(same))?.revision).toBe(1);
    expect((await stored(locked))?.definition.target).toBe(0.999);
    expect(await stored(bad)).toBeNull();
    expect((await importAll(source)).items.map(({ outcome }) => outcome)).toEqual([
      'unchanged',
      'unchanged',
      'unchanged',
      'refused',
    ]);
  });

  test('of nothing that can be read is refused, and told beforehand', async () => {
    const source = openSlo({ target: 7 });
    expect(await refusal(importAll(source))).toMatchObject({ code: 'slo.invalid', errors: [{ line: 29 }] });
    expect(await importAll(source, { dryRun: true })).toMatchObject({ items: [], problems: [{ level: 'error' }] });
  });

  test('two at once of the same SLOs does not lock up', async () => {
    const names = [newName(), newName(), newName()];
    const text = (list: string[], target: number) => list.map((name) => openSlo({ name, target })).join('---\n');
    await importAll(text(names, 0.9));
    const both = await Promise.all([importAll(text(names, 0.99)), importAll(text(names.toReversed(), 0.999))]);
    expect(both.flatMap(({ items }) => items.map(({ outcome }) => outcome))).toEqual(Array(6).fill('updated'));
  });
});

describe('exporting', () => {
  test('gives one as it was written, or in our own form', async () => {
    const name = newName();
    const source = `# agreed in October\n${openSlo({ name })}`;
    await create(source);
    const get = (normalised: boolean) => exportSlo({ ctx: as(ada, 'Ada'), address: { environment, name }, normalised });
    const written = await get(false);
    expect(await written.text()).toBe(source);
    expect(written.headers.get('content-type')).toBe('application/yaml; charset=utf-8');
    expect(written.headers.get('content-disposition')).toBe(`attachment; filename="${name}.yaml"`);
    const text = await (await get(true)).text();
    expect(text).not.toContain('October');
    const { slos } = readOpenSlo(text, { defaultEnvironment: 'elsewhere' });
    expect(slos.map(({ definition }) => definition)).toEqual([(await stored(name))?.definition]);
  });

  test('gives all of an environment as one text that can be imported anywhere, unchanged', async () => {
    const names = [newName(), newName()];
    for (const name of names) await create(openSlo({ name, environment: 'staging' }));
    const text = await (await exportSlos({ ctx: as(ada, 'Ada'), environment: 'staging' })).text();
    const answer = await importAll(text, { dryRun: true });
    expect(answer.items).toMatchObject(names.toSorted().map((name) => ({ name, outcome: 'unchanged' })));
    expect(answer.problems).toEqual([]);
    const none = await (await exportSlos({ ctx: as(ada, 'Ada'), environment: 'nowhere' })).text();
    expect(readOpenSlo(none, { defaultEnvironment: environment }).slos).toEqual([]);
  });
});

describe('a token', () => {
  test('of some services sees and changes theirs only', async () => {
    const [mine, theirs, service] = [newName(), newName(), newName()];
    await create(openSlo({ name: mine, service }));
    await create(openSlo({ name: theirs, service: 'order' }));
    const ctx = () => token({ services: [service] });
    const beyond = { status: 403, code: 'auth.scope_too_narrow' };
    const hidden = { status: 404, code: 'slo.unknown', detail: `There is no SLO ${theirs} in ${environment}.` };
    expect(await refusal(create(openSlo({ name: newName(), service: 'order' }), ctx()))).toMatchObject(beyond);
    expect(
      await refusal(update(theirs, { version: 1, source: openSlo({ name: theirs, service }) }, ctx())),
    ).toMatchObject(hidden);
    const taking = ctx();
    const away = { version: 1, source: openSlo({ name: mine, service: 'order' }) };
    expect(await refusal(update(mine, away, taking))).toMatchObject(beyond);
    expect(await auditOf(taking)).toMatchObject([{ outcome: 'refused', code: 'auth.scope_too_narrow' }]);
    const removing = ctx();
    expect(await refusal(archive(theirs, { version: 1 }, removing))).toMatchObject(hidden);
    expect(await auditOf(removing)).toMatchObject([{ outcome: 'refused', code: 'auth.scope_too_narrow' }]);
    expect(await refusal(archive(newName(), { version: 1 }, ctx()))).toMatchObject({ code: 'slo.unknown' });
    const making = ctx();
    expect(await refusal(create(openSlo({ name: theirs, service }), making))).toMatchObject({ code: 'slo.name_taken' });
    const looking = ctx();
    const address = { environment, name: theirs };
    expect(await refusal(listRevisions({ ctx: looking, address }))).toMatchObject(hidden);
    expect(await auditOf(looking)).toMatchObject([{ outcome: 'refused', code: 'auth.scope_too_narrow' }]);
    expect(await refusal(exportSlo({ ctx: ctx(), address, normalised: false }))).toMatchObject(hidden);
    const all = await (await exportSlos({ ctx: ctx(), environment })).text();
    expect(all.match(/^ {2}name: .*$/gm)).toEqual([`  name: ${mine}`]);
    const imported = await importAll(
      [openSlo({ name: mine, service, target: 0.9 }), openSlo({ name: theirs, service: 'order' })].join('---\n'),
      {},
      ctx(),
    );
    expect(imported.items).toMatchObject([
      { outcome: 'updated' },
      { outcome: 'refused', reason: expect.stringContaining('order') },
    ]);
    expect(await update(mine, { version: 2, source: openSlo({ name: mine, service }) }, ctx())).toMatchObject({
      version: 3,
    });
  });

  test('of another environment sees and changes none here', async () => {
    const name = newName();
    await create(openSlo({ name }));
    const ctx = () => token({ environments: ['staging'] });
    for (const work of [
      () => create(openSlo({ name: newName() }), ctx()),
      () => update(name, { version: 1, source: openSlo({ name }) }, ctx()),
      () => archive(name, { version: 1 }, ctx()),
      () => listRevisions({ ctx: ctx(), address: { environment, name } }),
      () => exportSlos({ ctx: ctx(), environment }),
      () => archive(newName(), { version: 1 }, ctx()),
    ]) {
      expect(await refusal(work())).toMatchObject({ code: 'auth.scope_too_narrow' });
    }
  });
});

test.each(['viewer', 'responder'] as const)('a %s may change no SLO, and that is written down', async (role) => {
  const name = newName();
  await create(openSlo({ name }));
  const person = await makePerson(role);
  const source = openSlo({ name, target: 0.5 });
  for (const work of [
    (ctx: Context) => create(openSlo({ name: newName() }), ctx),
    (ctx: Context) => update(name, { version: 1, source }, ctx),
    (ctx: Context) => archive(name, { version: 1 }, ctx),
    (ctx: Context) => importAll(source, { dryRun: true }, ctx),
  ]) {
    const ctx = person.ctx();
    expect(await refusal(work(ctx))).toMatchObject({ status: 403, code: 'auth.role_too_low' });
    expect(await auditOf(ctx)).toMatchObject([{ outcome: 'refused' }]);
  }
  expect((await stored(name))?.version).toBe(1);
});
