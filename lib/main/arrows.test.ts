import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const rooms =
  'core db http adapters facts auth notifications catalog telemetry traces logs slo alerts operations experiments runbooks incidents reviews reports overview main worker receiver'.split(
    ' ',
  );
const browserSafe = /\/(schemas|rules|queries|verbs|[a-z-]+-(schemas|rules|queries|verbs))\.ts$/;

const imported = /(?:^|\n)\s*(?:import|export)\s(?:[^'"]*?\sfrom\s+)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]/g;

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split('\\').join('/'))
    .filter((file) => !/node_modules|\/generated\/|\.next|\.test\.tsx?$|\/testing\//.test(file));
}

/** What a file imports of the project, as paths from the root. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(imported)].flatMap(([, stated, lazy]) => {
    const target = stated ?? lazy ?? '';
    const [, scope, rest] = /^#(app|components|lib|deploy|kit|contracts)\/(.*)$/.exec(target) ?? [];
    if (scope) return [`${/kit|contracts/.test(scope) ? 'services/' : ''}${scope}/${rest}`];
    return target.startsWith('.') ? [posix.normalize(posix.join(dirname(file), target))] : [];
  });
}

const files = ['app', 'components', 'lib', 'prisma', 'services', 'deploy', 'e2e'].flatMap(sources);
const graph = new Map(files.map((file) => [file, importsOf(file)]));

/** Why an import goes against an arrow, or null. */
function objection(from: string, to: string): string | null {
  const [top, room = '', name = ''] = from.split('/');
  const [toTop, toRoom = '', toName = ''] = to.split('/');
  if (toTop === 'app' && top !== 'app') return 'nobody imports app';
  if (top === 'services') {
    if (toTop !== 'services') return 'services import nothing of the console';
    return toRoom === room || toRoom === 'kit' || toRoom === 'contracts'
      ? null
      : 'a service imports only kit and contracts';
  }
  if (toTop === 'services') return 'nobody imports services';
  if (toTop === 'deploy' && top === 'lib') return 'lib knows nothing of deploy';
  if (toTop === 'components' && (top === 'lib' || top === 'prisma')) return 'lib knows no components';
  if (top === 'components') return componentObjection(room, to);
  if (top !== 'lib' || toTop !== 'lib' || room === toRoom) return null;
  // Run by hand only, over the settings of every process.
  if (from === 'lib/main/write-configuration-docs.ts') return null;
  if (browserSafe.test(`/${from}`) && !/queries\.ts$/.test(name) && toRoom !== 'core' && room !== 'main') {
    return browserSafe.test(`/${to}`) ? null : 'schemas, rules and verbs import only core';
  }
  if (rooms.indexOf(toRoom) > rooms.indexOf(room) && room !== 'worker' && room !== 'receiver') {
    return `${room} stands left of ${toRoom}`;
  }
  const shared = ['core', 'db', 'http', 'adapters'].includes(toRoom);
  const open = toName === 'index.ts' || browserSafe.test(`/${to}`) || shared || toRoom === 'main';
  return open ? null : `${toRoom} is entered through its index.ts`;
}

function componentObjection(room: string, to: string): string | null {
  const [toTop, toRoom = ''] = to.split('/');
  const parts = ['ui', 'charts', 'tables', 'shell'];
  if (toTop === 'lib') {
    if (toRoom === 'core') return null;
    if (parts.includes(room)) return 'the parts know no domain';
    return browserSafe.test(`/${to}`) ? null : 'widgets use only schemas, rules and queries';
  }
  if (toTop !== 'components') return `components do not import ${toTop}`;
  return toRoom === room || parts.includes(toRoom) ? null : 'a domain does not use the widgets of another';
}

describe('imports', () => {
  test('there is something to look at', () => {
    expect(files.length).toBeGreaterThan(100);
    expect([...graph.values()].flat().length).toBeGreaterThan(300);
  });

  test('go one way only', () => {
    const wrong = [...graph].flatMap(([from, targets]) =>
      targets.flatMap((to) => {
        const why = objection(from, to);
        return why ? [`${from} → ${to}: ${why}`] : [];
      }),
    );
    expect(wrong).toEqual([]);
  });

  test('make no cycle', () => {
    const state = new Map<string, 'open' | 'done'>();
    const cycles: string[] = [];
    const walk = (file: string, path: string[]) => {
      if (state.get(file) === 'done') return;
      if (state.get(file) === 'open') {
        cycles.push([...path.slice(path.indexOf(file)), file].join(' → '));
        return;
      }
      state.set(file, 'open');
      for (const target of graph.get(file) ?? []) if (graph.has(target)) walk(target, [...path, file]);
      state.set(file, 'done');
    };
    for (const file of files) walk(file, []);
    expect(cycles).toEqual([]);
  });
});
