import { EngineMissing, findEngine } from '../engines.ts';
import { stagePostgres } from '../postgres/binaries.ts';

// Fetches every engine into the cache folder, so that what follows need not wait for it.
await stagePostgres();
for (const name of ['prometheus', 'alertmanager', 'redis'] as const) {
  try {
    const { title, version, origin } = await findEngine(name);
    process.stdout.write(`${title} ${version}: ${origin}\n`);
  } catch (error) {
    if (!(error instanceof EngineMissing)) throw error;
    process.stdout.write(`${error.message}\n`);
    if (name !== 'redis') process.exitCode = 1;
  }
}
