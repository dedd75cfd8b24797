import { rmSync } from 'node:fs';
import { DataFolderError, openDataFolder } from './data-folder.ts';
import { writeDemoFile } from './demo-file.ts';
import { parseOptions, UsageError, usage } from './options.ts';
import { parts } from './parts/index.ts';
import { releaseAllPorts } from './ports.ts';
import { stopAllChildren } from './process/child.ts';
import { dismissGuardian } from './process/guardian.ts';
import { clearLeftovers, recordChildren } from './process/leftovers.ts';
import { demoAccounts, openSecrets } from './secrets.ts';
import { postParts } from './stack/post-parts.ts';
import { createRunner } from './stack/runner.ts';
import { layOut } from './stack/stack.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);

function readCommandLine() {
  try {
    return parseOptions(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n\n${usage}`);
    process.exit(2);
  }
}

function takeDataFolder(path: string) {
  try {
    return openDataFolder(path);
  } catch (error) {
    if (!(error instanceof DataFolderError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

const options = readCommandLine();
if (options === 'help') {
  process.stdout.write(usage);
  process.exit(0);
}
// Whoever read our output may leave; the stack goes on.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});

const data = takeDataFolder(options.dataDir);
await clearLeftovers(data.at('run', 'processes.json'), () =>
  say('Waiting for what is left of the last start to end …'),
);
data.prepare(options.reset);
recordChildren(data.at('run', 'processes.json'));
const secrets = openSecrets(data.at('secrets.json'));
const stack = await layOut(options, data, secrets, say);
data.announce(stack.urls.console);
const board = postParts(stack, () => runner.reports());
const runner = createRunner(parts, stack, () => board.changed());

let stopping: Promise<void> | undefined;

function stop(): Promise<void> {
  stopping ??= (async () => {
    rmSync(data.at('demo.json'), { force: true });
    board.close();
    await runner.stop();
    await stopAllChildren();
    releaseAllPorts();
    data.release();
    await dismissGuardian();
  })();
  return stopping;
}

async function stopOn(reason: string, exitCode: number): Promise<void> {
  if (!stopping) say(`\n${reason}; stopping …`);
  await stop();
  say('Stopped.');
  process.exit(exitCode);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stopOn(signal, 0));
// The bootstrap holds the other end of this channel: when it is killed we end as well.
process.on('disconnect', () => void stopOn('The process that started this one is gone', 0));

say(`Quarterdeck: data in ${data.path}`);
try {
  await runner.start();
} catch (error) {
  if (!stopping) {
    process.stderr.write(`\n${(error as Error).message}\n`);
    await stop();
    process.exit(1);
  }
  await new Promise(() => {});
}
writeDemoFile(stack);
say('');
if (stack.external.databaseUrl) {
  say(`Accounts are those of your database. A new one is set up at ${stack.urls.console}/setup with ${secrets.setUp}`);
} else {
  for (const { role, email, password } of demoAccounts(secrets))
    say(`  ${role.padEnd(12)}${email.padEnd(34)}${password}`);
}
say(`\nQuarterdeck is ready: ${stack.urls.console}`);
