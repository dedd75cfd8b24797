import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';

// The schema engine as WebAssembly: the one that the Prisma CLI downloads is in no package registry.
// Its API is not a public one, so its version is pinned to Prisma's own.

const folder = import.meta.dirname;
const noFilters = { externalTables: [], externalEnums: [] };

interface Engine {
  diff(input: object): Promise<{ stdout?: string | null; exitCode: number }>;
  applyMigrations(input: object): Promise<{ appliedMigrationNames: string[] }>;
}

interface Bindings {
  SchemaEngine: { new: (options: object, log: (line: string) => void, adapter: object) => Promise<Engine> };
}

let loaded: Promise<Bindings> | undefined;

async function load() {
  const require = createRequire(import.meta.url);
  const home = dirname(require.resolve('@prisma/schema-engine-wasm/schema_engine_bg'));
  const bindings = await import(pathToFileURL(join(home, 'schema_engine_bg.js')).href);
  const module = new WebAssembly.Module(readFileSync(join(home, 'schema_engine_bg.wasm')));
  const instance = new WebAssembly.Instance(module, { './schema_engine_bg.js': bindings });
  bindings.__wbg_set_wasm(instance.exports);
  (instance.exports as { __wbindgen_start(): void }).__wbindgen_start();
  (globalThis as Record<string, unknown>).PRISMA_WASM_PANIC_REGISTRY = {
    set_message: (message: string) => process.stderr.write(`schema engine: ${message}\n`),
  };
  return bindings;
}

const schema = () => ({ path: 'schema.prisma', content: readFileSync(join(folder, 'schema.prisma'), 'utf8') });

/** Sends a migration whole: the adapter itself cuts scripts at every semicolon, also inside function bodies. */
class WholeScripts extends PrismaPg {
  readonly #open: { dispose(): Promise<void> }[] = [];

  override async connect() {
    const adapter = await super.connect();
    this.#open.push(adapter);
    adapter.executeScript = async (script) => {
      await adapter.underlyingDriver().query(script);
    };
    return adapter;
  }

  /** The engine itself never lets go of its connection, nor of the advisory lock that it holds on it. */
  async close() {
    await Promise.all(this.#open.map((adapter) => adapter.dispose()));
  }
}

async function withEngine<T>(databaseUrl: string, work: (engine: Engine) => Promise<T>): Promise<T> {
  loaded ??= load();
  const { SchemaEngine } = await loaded;
  const { path, content } = schema();
  const scripts = new WholeScripts({ connectionString: databaseUrl });
  const adapter = bindMigrationAwareSqlAdapterFactory(scripts);
  try {
    return await work(await SchemaEngine.new({ datamodels: [[path, content]] }, () => {}, adapter));
  } finally {
    await scripts.close();
  }
}

/** The migrations of `prisma/migrations`, oldest first. */
export function migrations(): { name: string; sql: string }[] {
  const home = join(folder, 'migrations');
  return readdirSync(home)
    .filter((name) => /^\d/.test(name))
    .sort()
    .map((name) => ({ name, sql: readFileSync(join(home, name, 'migration.sql'), 'utf8') }));
}

/** Applies the migrations that the database lacks and returns their names. Writes `_prisma_migrations` as Prisma does. */
export async function applyMigrations(databaseUrl: string): Promise<string[]> {
  const input = {
    migrationsList: {
      baseDir: join(folder, 'migrations'),
      lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
      shadowDbInitScript: '',
      migrationDirectories: migrations().map(({ name, sql }) => ({
        path: name,
        migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
      })),
    },
    filters: noFilters,
  };
  return withEngine(databaseUrl, async (engine) => (await engine.applyMigrations(input)).appliedMigrationNames);
}

/** The SQL that leads from an empty database to `schema.prisma`: what a new migration is written from. */
export async function sqlFromEmpty(databaseUrl: string): Promise<string> {
  const to = { tag: 'schemaDatamodel', files: [schema()] };
  const from = { tag: 'empty' };
  const input = { from, to, script: true, exitCode: null, shadowDatabaseUrl: null, filters: noFilters };
  return withEngine(databaseUrl, async (engine) => (await engine.diff(input)).stdout ?? '');
}
