import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { config } from '#lib/core/config.ts';
import { once } from '#lib/core/registry.ts';
import { parseCatalog } from './parse-catalog.ts';
import type { Catalog, CatalogEntry, CatalogProblem } from './schemas.ts';

const mostFiles = 2_000;
const mostBytes = 1_000_000;
const lookAgainMs = 2_000;

/** The catalogue of the configured folder; read again when a file in it has changed. Never throws. */
export function catalog(): Catalog {
  const held = once('catalog', () => ({ catalog: null as Catalog | null, signature: '', lookedAtMs: 0 }));
  const nowMs = Date.now();
  if (held.catalog && nowMs - held.lookedAtMs < lookAgainMs) return held.catalog;
  held.lookedAtMs = nowMs;
  const folder = config().QD_CATALOG_DIR;
  const signature = signatureOf(folder);
  if (!held.catalog || signature !== held.signature) held.catalog = loadCatalog(folder);
  held.signature = signature;
  return held.catalog;
}

/**
 * Reads every YAML file below a folder, in the order of their names. Of two entries for one service in one
 * environment the first is used, and the second is a problem.
 */
export function loadCatalog(folder: string): Catalog {
  const entries: CatalogEntry[] = [];
  const problems: CatalogProblem[] = [];
  const shown = (file: string) => relative(process.cwd(), file) || file;
  let files: string[];
  try {
    files = yamlFiles(folder);
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such folder' : 'cannot be read';
    return { entries, problems: [{ file: folder, line: null, message: `QD_CATALOG_DIR: ${why}` }] };
  }
  if (files.length > mostFiles) {
    problems.push({ file: folder, line: null, message: `only the first ${mostFiles} files are read` });
  }
  for (const file of files.slice(0, mostFiles)) {
    try {
      if (statSync(file).size > mostBytes) throw new Error('is larger than 1 MB');
      const found = parseCatalog(shown(file), readFileSync(file, 'utf8'));
      problems.push(...found.problems);
      entries.push(...found.entries);
    } catch (error) {
      problems.push({ file: shown(file), line: null, message: `cannot be read: ${(error as Error).message}` });
    }
  }
  return withoutDuplicates(entries, problems);
}

function withoutDuplicates(entries: CatalogEntry[], problems: CatalogProblem[]): Catalog {
  const first = new Map<string, CatalogEntry>();
  const kept = entries.filter((entry) => {
    const places = entry.environments ?? ['*'];
    const before = places.map((place) => first.get(`${place}|${entry.name}`)).find(Boolean);
    if (before) {
      const message = `name: ${entry.name} is described already in ${before.file}:${before.line}`;
      problems.push({ file: entry.file, line: entry.line, message });
      return false;
    }
    for (const place of places) first.set(`${place}|${entry.name}`, entry);
    return true;
  });
  return { entries: kept, problems };
}

/** The entry that describes a service in an environment, if there is one. */
export function entryFor(entries: readonly CatalogEntry[], environment: string, name: string): CatalogEntry | null {
  const named = entries.filter((entry) => entry.name === name);
  return (
    named.find(({ environments }) => environments?.includes(environment)) ??
    named.find(({ environments }) => environments === null) ??
    named[0] ??
    null
  );
}

/** The services that should be seen in an environment even when nothing reports for them. */
export function expectedIn(entries: readonly CatalogEntry[], environment: string): CatalogEntry[] {
  return entries.filter(({ environments }) => environments?.includes(environment));
}

function yamlFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.ya?ml$/i.test(entry.name))
    .map((entry) => resolve(join(entry.parentPath, entry.name)))
    .sort();
}

function signatureOf(folder: string): string {
  try {
    return yamlFiles(folder)
      .map((file) => {
        const { mtimeMs, size } = statSync(file);
        return `${file}|${mtimeMs}|${size}`;
      })
      .join('\n');
  } catch {
    return 'unreadable';
  }
}
