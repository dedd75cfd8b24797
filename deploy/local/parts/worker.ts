import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../folders.ts';
import type { Part } from '../stack/part.ts';
import { answers, startService } from '../stack/service.ts';
import { consoleEnvironment } from './console-environment.ts';

export const worker: Part = {
  name: 'worker',
  title: 'Worker',
  description: 'Does the background work of the console.',
  after: ['migrations', 'redis', 'history'],
  start: async (stack) => {
    const main = join(repositoryRoot, 'lib/worker/main.ts');
    if (!existsSync(main)) throw new Error('lib/worker/main.ts is missing from this copy of the repository.');
    const address = `http://127.0.0.1:${stack.ports.worker}`;
    const child = await startService(stack, {
      name: 'worker',
      command: process.execPath,
      args: [main],
      cwd: repositoryRoot,
      env: { ...consoleEnvironment(stack), HOST: '127.0.0.1', PORT: String(stack.ports.worker) },
      graceMs: 10_000,
      trouble: answers(`${address}/healthz`),
    });
    return { kind: 'running', origin: 'this repository', address, child };
  },
};
