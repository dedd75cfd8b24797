import { mkdirSync, mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { makePerson, type TestPerson } from '#lib/auth/testing/accounts.ts';
import { log } from '#lib/core/log.ts';
import { forget } from '#lib/core/registry.ts';
import { db } from '#lib/db/index.ts';
import { useTestDatabase } from '#lib/db/testing/database.ts';
import { archiveSlo } from './archive-slo.ts';
import { createSlo } from './create-slo.ts';
import { loadChangedFiles, loadFiles } from './load-files.ts';
import { fileProblems, readSloFolder } from './slo-folder.ts';
import { selectRevisions, selectSlos } from './store.ts';
import { openSlo } from './testing/definitions.ts';
import { updateSlo } from './update-slo.ts';

vi.stubEnv('LOG_LEVEL', 'fatal');

const environment = 'production';
let done: () => Promise<void>;
let ada: TestPerson;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'qd-slos-'));
  done = await useTestDatabase({ QD_SLO_DIR: folder });
  ada = await makePerson('commander');
});
beforeEach(() => {
  mkdirSync(folder, { recursive: true });
  for (const name of ['slo-folder', 'slo-files-loaded']) forget(name);
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  await load();
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  delete process.env.QD_SLO_DIR;
  forget('config');
  await done();
});

function write(file: string, ...documents: string[]): string {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, documents.join('---\n'));
  return path;
}
const load = async () => (await loadFiles(readSloFolder(folder, environment), log())).changed;
const slos = () => selectSlos(db());
const revisionsOf = async (name: string) => {
  const [slo] = await selectSlos(db(), { environment, name, archived: true });
  return slo ? selectRevisions(db(), slo.id, 100) : [];
};
const address = (name: string) => ({ environment, name });

describe('a file', () => {
  test('that appears brings its SLOs, changes them when it does, and takes them with it', async () => {
    const path = write('team/a.yaml', openSlo({ name: 'one' }), openSlo({ name: 'two', service: 'order' }));
    expect(await load()).toEqual(['one created', 'two created']);
    expect(await slos()).toMatchObject([{ name: 'one', origin: 'file', file: path, revision: 1 }, { name: 'two' }]);
    expect(await load()).toEqual([]);

    write(
      'team/a.yaml',
      `# for October\n${openSlo({ name: 'one' })}`,
      openSlo({ name: 'two', service: 'order', target: 0.9 }),
    );
    expect(await load()).toEqual(['two updated']);
    expect(await revisionsOf('one')).toHaveLength(1);
    expect(await revisionsOf('two')).toMatchObject([
      { changes: ['target 99.9 % → 90 %'], actor_kind: 'job', actor_name: 'SLO files', person_id: null },
      { changes: ['created'] },
    ]);

    unlinkSync(path);
    expect((await load()).toSorted()).toEqual(['one archived', 'two archived']);
    expect(await slos()).toEqual([]);
    const facts = await db().fact.findMany({ where: { services: { has: 'order' } }, orderBy: { recordedAt: 'asc' } });
    expect(facts.map(({ title, kind, source }) => [title, kind, source])).toEqual([
      ['SLO two created: 99.9 % over 30 days', 'config', 'file'],
      ['SLO two: target 99.9 % → 90 %', 'config', 'file'],
      ['SLO two removed', 'config', 'file'],
    ]);
    write('b.yaml', openSlo({ name: 'one' }));
    expect(await load()).toEqual(['one created']);
    expect(await revisionsOf('one')).toHaveLength(3);
  });

  test('that is moved or touched makes no revision', async () => {
    const path = write('from.yaml', openSlo({ name: 'moved' }));
    await load();
    unlinkSync(path);
    const to = write('to.yaml', openSlo({ name: 'moved' }));
    expect(await load()).toEqual([]);
    expect(await slos()).toMatchObject([{ name: 'moved', file: to, revision: 1, version: 1 }]);
  });

  test('is loaded once by two workers at once', async () => {
    write('a.yaml', ...Array.from({ length: 8 }, (_, i) => openSlo({ name: `many-${i}` })));
    await Promise.all([load(), load(), load()]);
    write('a.yaml', ...Array.from({ length: 8 }, (_, i) => openSlo({ name: `many-${i}`, target: 0.9 })));
    await Promise.all([load(), load(), load()]);
    for (let i = 0; i < 8; i++) {
      expect((await revisionsOf(`many-${i}`)).map(({ changes }) => changes)).toEqual([
        ['target 99.9 % → 90 %'],
        ['created'],
      ]);
    }
    unlinkSync(join(folder, 'a.yaml'));
    await Promise.all([load(), load()]);
    expect(await revisionsOf('many-0')).toHaveLength(3);
  });

  test('that is wrong keeps what it said before, stops no other, and says where it is wrong', async () => {
    const path = write('a.yaml', openSlo({ name: 'first' }), openSlo({ name: 'second' }));
    write('b.yaml', openSlo({ name: 'third' }));
    await load();
    const wrong = openSlo({ name: 'second', target: 3 });
    write('a.yaml', openSlo({ name: 'first', target: 0.9 }), wrong);
    write('b.yaml', openSlo({ name: 'third', target: 0.9 }));
    expect(await load()).toEqual(['first updated', 'third updated']);
    expect((await slos()).map(({ name, definition }) => [name, definition.target])).toEqual([
      ['first', 0.9],
      ['second', 0.999],
      ['third', 0.9],
    ]);
    const line = openSlo().split('\n').length + wrong.split('\n').findIndex((text) => text.includes('target')) + 1;
    expect(fileProblems()).toMatchObject([{ file: path, line, level: 'error', path: 'spec.objectives[0].target' }]);

    writeFileSync(path, 'a: [');
    expect(await load()).toEqual([]);
    expect(await slos()).toHaveLength(3);
    writeFileSync(path, Buffer.from([0xff, 0xfe, 0x00]));
    expect(await load()).toEqual([]);
    expect(readSloFolder(folder, environment).problems).not.toEqual([]);
  });

  test('whose SLO stands in an earlier one is a problem, and the earlier counts', async () => {
    const first = write('a.yaml', openSlo({ name: 'twice' }));
    const second = write('b.yaml', openSlo({ name: 'other' }), openSlo({ name: 'twice', target: 0.5 }));
    await load();
    expect((await slos()).map(({ name, definition }) => [name, definition.target])).toEqual([
      ['other', 0.999],
      ['twice', 0.999],
    ]);
    const [problem] = fileProblems();
    expect(problem).toMatchObject({ file: second, line: openSlo().split('\n').length + 1, code: 'slo.twice' });
    expect(problem?.message).toContain(`${first}, line 1`);
  });

  test('is read where it is a link, and passed over where it is hidden or no YAML', async () => {
    const path = write('..2026/a.yaml', openSlo({ name: 'linked' }));
    symlinkSync(path, join(folder, 'a.yaml'));
    write('.hidden.yaml', openSlo({ name: 'hidden' }));
    write('notes.md', 'no YAML');
    write('empty.yaml', '');
    await load();
    expect(await slos()).toMatchObject([{ name: 'linked', file: join(folder, 'a.yaml') }]);
  });
});

describe('the folder', () => {
  test('that is away takes nothing with it', async () => {
    write('a.yaml', openSlo({ name: 'kept' }));
    await load();
    rmSync(folder, { recursive: true });
    expect(await load()).toEqual([]);
    expect(await slos()).toMatchObject([{ name: 'kept' }]);
    expect(fileProblems()).toMatchObject([{ file: folder, message: 'QD_SLO_DIR: there is no such folder' }]);
  });

  test('is compared when a file in it changes, not before', async () => {
    write('a.yaml', openSlo({ name: 'watched' }));
    await loadChangedFiles(log());
    const path = write('a.yaml', openSlo({ name: 'watched', target: 0.9 }));
    forget('slo-folder');
    await loadChangedFiles(log());
    expect(await revisionsOf('watched')).toHaveLength(2);
    await db().slo.updateMany({ where: { name: 'watched' }, data: { file: 'elsewhere.yaml' } });
    forget('slo-folder');
    await loadChangedFiles(log());
    expect(await slos()).toMatchObject([{ file: 'elsewhere.yaml' }]);
    forget('slo-files-loaded');
    await loadChangedFiles(log());
    expect(await slos()).toMatchObject([{ file: path }]);
  });
});

describe('an SLO of a file', () => {
  test('is changed there only, which is said with its place', async () => {
    const path = write('a.yaml', openSlo({ name: 'filed' }));
    await load();
    const refused = { status: 409, code: 'slo.from_file', detail: `filed lives in ${path}: change it there.` };
    const source = openSlo({ name: 'filed', target: 0.5 });
    const input = { version: 1, source };
    await expect(updateSlo({ ctx: ada.ctx(), address: address('filed'), input })).rejects.toMatchObject(refused);
    await expect(
      archiveSlo({ ctx: ada.ctx(), address: address('filed'), input: { version: 1 } }),
    ).rejects.toMatchObject(refused);
    await expect(createSlo({ ctx: ada.ctx(), environment, input: { source } })).rejects.toMatchObject(refused);
  });

  test('takes over the one that somebody had made here, with its history', async () => {
    await createSlo({ ctx: ada.ctx(), environment, input: { source: openSlo({ name: 'mine' }) } });
    const path = write('a.yaml', openSlo({ name: 'mine', target: 0.9 }));
    expect(await load()).toEqual(['mine updated']);
    expect(await slos()).toMatchObject([{ origin: 'file', file: path, revision: 2, ledgerRevision: 1, version: 2 }]);
    expect(await revisionsOf('mine')).toMatchObject([
      { changes: ['target 99.9 % → 90 %', `now kept in ${path}`] },
      { changes: ['created'] },
    ]);
  });

  test('that is gone can be made here', async () => {
    const path = write('a.yaml', openSlo({ name: 'gone' }));
    await load();
    unlinkSync(path);
    await load();
    await createSlo({ ctx: ada.ctx(), environment, input: { source: openSlo({ name: 'gone' }) } });
    expect(await load()).toEqual([]);
    expect(await slos()).toMatchObject([{ name: 'gone', origin: 'ui', file: null, revision: 3 }]);
    await archiveSlo({ ctx: ada.ctx(), address: address('gone'), input: { version: 3 } });
  });
});
