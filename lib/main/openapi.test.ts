import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { roles } from '#lib/core/actor.ts';
import { errorCodes } from '#lib/core/errors.ts';
import { forget } from '#lib/core/registry.ts';
import { api } from './api.ts';
import { routes } from './routes.ts';
import { reachableVerbs, verbs } from './verbs.ts';

const root = resolve(import.meta.dirname, '../..');

beforeAll(() => {
  vi.stubEnv('DATABASE_URL', 'postgresql://nobody@127.0.0.1:1/none');
  vi.stubEnv('QD_SECRET', 'a secret of tests, 32 characters');
  vi.stubEnv('QD_PUBLIC_URL', 'http://localhost:3210');
  for (const name of ['config', 'api', 'openapi']) forget(name);
});

const get = async (path: string) => api().fetch(new Request(`http://localhost:3210/api/v1${path}`));

describe('the OpenAPI document', () => {
  test('is valid OpenAPI 3.1, readable without a session', async () => {
    const response = await get('/openapi.json');
    expect(response.status).toBe(200);
    const document = await response.json();
    expect(document.openapi).toBe('3.1.0');
    const { valid, errors } = await new Validator().validate(document);
    expect(errors ?? []).toEqual([]);
    expect(valid).toBe(true);
  });

  test('names every route once, each with an id of its own', async () => {
    const { paths } = (await (await get('/openapi.json')).json()) as {
      paths: Record<string, Record<string, { operationId: string }>>;
    };
    const documented = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(documented.toSorted()).toEqual(routes.map(({ method, path }) => `${method} ${path}`).toSorted());
    const ids = Object.values(paths).flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId));
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('tells how to authenticate by the cookie that this install sets', async () => {
    const { components } = await (await get('/openapi.json')).json();
    expect(components.securitySchemes.session).toMatchObject({ in: 'cookie', name: 'quarterdeck-3210-session' });
    expect(components.schemas.Problem.properties.code.enum).toEqual(Object.keys(errorCodes));
  });
});

describe('the reference page', () => {
  test('shows every route and every error, and runs nothing', async () => {
    const response = await get('/docs');
    expect(response.headers.get('content-type')).toContain('text/html');
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    const page = await response.text();
    for (const { path } of routes) expect(page).toContain(`<code>/api/v1${path}</code>`);
    for (const code of Object.keys(errorCodes)) expect(page).toContain(`id="error-${code.replace('.', '-')}"`);
    expect(page).not.toMatch(/<script|\son\w+=|style=/);
  });
});

describe.each(routes.map((route) => [`${route.method} ${route.path}`, route] as const))('%s', (_, route) => {
  test('says what it is for and what it answers', () => {
    expect(route.summary).toMatch(/^[A-Z].*[^.]$/);
    expect(route.tag).toMatch(/^[A-Z]/);
    if (route.status !== 204) expect(route.response).toBeDefined();
  });

  test('takes what its example sends', () => {
    if (!route.body) return;
    expect(route.example).toBeDefined();
    const parsed = route.body.safeParse(route.example);
    expect(parsed.error?.issues ?? []).toEqual([]);
  });

  test('declares the parameters of its path', () => {
    const named = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const declared = route.params ? Object.keys((route.params as never as { shape: object }).shape) : [];
    expect(declared).toEqual(named);
  });

  test('changes something only by a verb that says so', () => {
    expect(route.verb.changes).toBe(route.method !== 'get' && !route.readsOnly);
    if (route.readsOnly) expect(route.method).toBe('post');
  });
});

describe('verbs', () => {
  test('have an id of their own, and the routes use no other', () => {
    const ids = verbs.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { verb } of routes) expect(ids).toContain(verb.id);
  });

  test('have shortcuts of their own', () => {
    const shortcuts = verbs.flatMap(({ shortcut }) => (shortcut ? [shortcut] : []));
    expect(new Set(shortcuts).size).toBe(shortcuts.length);
  });

  test('for a role are refused with what is needed', () => {
    for (const role of roles) {
      for (const { verb, refusedBecause } of reachableVerbs(role)) {
        const may = verb.role === 'anyone' || roles.indexOf(role) >= roles.indexOf(verb.role);
        expect(refusedBecause === null).toBe(may);
        if (!may) expect(refusedBecause).toContain(verb.role);
      }
    }
  });

  /** The folders of the console's pages, as addresses: `[name]` stands for anything. */
  function pages(folder: string, address = ''): string[] {
    return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
      if (!entry.isDirectory()) return entry.name === 'page.tsx' ? [address || '/'] : [];
      const part = entry.name.startsWith('(') ? '' : `/${entry.name}`;
      return pages(join(folder, entry.name), address + part);
    });
  }

  test.each(verbs.flatMap(({ href }) => (href ? [href] : [])))('%s is a page of the console', (href) => {
    expect(existsSync(join(root, 'app'))).toBe(true);
    const path = new URL(href, 'http://console').pathname;
    const found = pages('app').some((page) => new RegExp(`^${page.replace(/\[[^\]]+\]/g, '[^/]+')}$`).test(path));
    expect(found).toBe(true);
  });
});
