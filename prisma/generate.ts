import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

// `prisma generate` needs no schema engine but insists on finding one.
const cli = join(import.meta.dirname, '..', 'node_modules', 'prisma', 'build', 'index.js');
const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'generate'], {
  cwd: join(import.meta.dirname, '..'),
  env: {
    ...process.env,
    PRISMA_SCHEMA_ENGINE_BINARY: process.platform === 'win32' ? process.execPath : '/bin/true',
    CHECKPOINT_DISABLE: '1',
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
  },
  encoding: 'utf8',
});
if (status !== 0) process.stderr.write(`${stdout}\n${stderr}\n`);
process.exitCode = status ?? 1;
