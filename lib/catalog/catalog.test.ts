import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { entryFor, expectedIn, loadCatalog } from './load-catalog.ts';
import { parseCatalog } from './parse-catalog.ts';

describe('our own format', () => {
  it('is read, several documents to a file, with the line of each', () => {
    const { entries, problems } = parseCatalog(
      'shop.yaml',
      'name: order\nowner: commerce\ntier: 1\nlinks:\n  - title: Runbook\n    url: https://example.com/r\n---\nname: traffic\nkind: client\n',
    );
    expect(problems).toEqual([]);
    expect(entries).toEqual([
      expect.objectContaining({
        name: 'order',
        owner: 'commerce',
        tier: 1,
        kind: 'service',
        line: 1,
        environments: null,
      }),
      expect.objectContaining({ name: 'traffic', kind: 'client', tier: null, line: 8 }),
    ]);
    expect(entries[0]?.links).toEqual([{ title: 'Runbook', url: 'https://example.com/r' }]);
  });

  it.each([
    ['name: order\ntier: 9\n', 2, 'tier: must be 1 to 4'],
    ['name: order\nowned: x\n', 2, 'owned: is not a field'],
    ['owner: x\n', 1, 'name'],
    ['name: order\nlinks:\n  - title: A\n    url: javascript:alert(1)\n', 4, 'links[0].url: must be an http'],
    ['name: order\nkind: robot\n', 2, 'kind: must be service or client'],
    ['name: order\nname: twice\n', 2, 'is not valid YAML'],
    ['name: [order\n', null, 'is not valid YAML'],
    ['- order\n', 1, 'must be a mapping'],
    ['42\n', 1, 'must be a mapping'],
  ])('tells where %j is wrong', (text, line, message) => {
    const { entries, problems } = parseCatalog('a.yaml', text);
    expect(entries).toEqual([]);
    expect(problems[0]).toMatchObject({ file: 'a.yaml', message: expect.stringContaining(message) });
    if (line !== null) expect(problems[0]?.line).toBe(line);
  });

  it('uses the good documents of a file beside a bad one', () => {
    const { entries, problems } = parseCatalog('a.yaml', 'name: a\n---\ntier: 7\n---\nname: c\n');
    expect(entries.map(({ name }) => name)).toEqual(['a', 'c']);
    expect(problems.map(({ line }) => line)).toContain(3);
  });

  it('takes an empty file for an empty catalogue', () => {
    expect(parseCatalog('a.yaml', '')).toEqual({ entries: [], problems: [] });
    expect(parseCatalog('a.yaml', '---\n# nothing yet\n').problems).toEqual([]);
  });

  it('never throws, whatever the file holds', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', ':', ' ', '\n', '-', '&', '*', '[', '{', '!', '"', '|', '\t') }),
        (text) => {
          parseCatalog('a.yaml', text);
        },
      ),
      { numRuns: 500 },
    );
  });
});

const backstage = `apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: order-service
  description: Takes orders.
  labels:
    tier: "2"
  annotations:
    quarterdeck.dev/service: order
    quarterdeck.dev/environments: production, staging
    github.com/project-slug: shop/order
  links:
    - url: https://wiki.example.com/order
spec:
  type: service
  lifecycle: production
  owner: group:default/commerce
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata:
  name: commerce
spec:
  type: team
`;

describe('Backstage', () => {
  it('Components are read, other kinds passed over', () => {
    const { entries, problems } = parseCatalog('catalog-info.yaml', backstage);
    expect(problems).toEqual([]);
    expect(entries).toEqual([
      {
        name: 'order',
        kind: 'service',
        description: 'Takes orders.',
        owner: 'commerce',
        tier: 2,
        lifecycle: 'production',
        repository: 'https://github.com/shop/order',
        links: [{ url: 'https://wiki.example.com/order', title: 'wiki.example.com' }],
        environments: ['production', 'staging'],
        file: 'catalog-info.yaml',
        line: 1,
      },
    ]);
  });

  it.each([
    ['user:dana', 'dana'],
    ['commerce', 'commerce'],
    ['default/commerce', 'commerce'],
  ])('owner %s is %s', (reference, owner) => {
    const text = `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: a\nspec:\n  owner: ${reference}\n`;
    expect(parseCatalog('a.yaml', text).entries[0]?.owner).toBe(owner);
  });

  it('says what is wrong with a Component', () => {
    const text = 'apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  title: no name\n';
    expect(parseCatalog('a.yaml', text).problems[0]).toMatchObject({
      line: 4,
      message: expect.stringContaining('metadata.name'),
    });
  });
});

describe('a folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'catalog-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is read in the order of names, folders below it included, other files left alone', () => {
    mkdirSync(join(folder, 'teams'));
    writeFileSync(join(folder, 'teams', 'b.yml'), 'name: b\n');
    writeFileSync(join(folder, 'a.yaml'), 'name: a\n---\nname: b\nowner: second\n');
    writeFileSync(join(folder, 'README.md'), 'not: a: catalogue');
    const { entries, problems } = loadCatalog(folder);
    expect(entries.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(problems).toEqual([
      expect.objectContaining({ line: 1, message: expect.stringContaining('described already in') }),
    ]);
  });

  it('that does not exist is a problem, not an end', () => {
    expect(loadCatalog(join(folder, 'none')).problems[0]?.message).toContain('no such folder');
  });
});

it('keeps environments apart', () => {
  const text =
    'name: a\nowner: p\nenvironments: [production]\n---\nname: a\nowner: s\nenvironments: [staging]\n---\nname: b\n';
  const { entries } = parseCatalog('a.yaml', text);
  expect(entryFor(entries, 'staging', 'a')?.owner).toBe('s');
  expect(entryFor(entries, 'production', 'a')?.owner).toBe('p');
  expect(entryFor(entries, 'production', 'nobody')).toBeNull();
  expect(expectedIn(entries, 'staging').map(({ owner }) => owner)).toEqual(['s']);
});

it('describes the reference fleet without a mistake', () => {
  const { entries, problems } = loadCatalog('deploy/catalog');
  expect(problems).toEqual([]);
  expect(entries.map(({ name }) => name).sort()).toEqual(['gateway', 'order', 'payment', 'product', 'traffic']);
  expect(entries.every(({ owner, environments }) => owner && environments?.includes('production'))).toBe(true);
});
