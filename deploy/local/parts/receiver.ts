import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../folders.ts';
import { external as fromEnvironment } from '../stack/external.ts';
import type { Part } from '../stack/part.ts';
import { answers, startService } from '../stack/service.ts';
import { consoleEnvironment } from './console-environment.ts';

export const receiver: Part = {
  name: 'receiver',
  title: 'Receiver',
  description: 'Takes traces and logs over OTLP/HTTP and keeps them in Postgres.',
  variable: 'OTLP_URL',
  after: ['migrations'],
  start: async (stack) => {
    const { external, urls, ports } = stack;
    if (external.otlpUrl) return fromEnvironment('OTLP_URL', external.otlpUrl);
    const main = join(repositoryRoot, 'lib/receiver/main.ts');
    if (!existsSync(main)) throw new Error('lib/receiver/main.ts is missing from this copy of the repository.');
    const child = await startService(stack, {
      name: 'receiver',
      command: process.execPath,
      args: [main],
      cwd: repositoryRoot,
      env: { ...consoleEnvironment(stack), HOST: '127.0.0.1', PORT: String(ports.receiver) },
      graceMs: 10_000,
      trouble: answers(`${urls.otlp}/readyz`),
    });
    return { kind: 'running', origin: 'this repository', address: urls.otlp, child };
  },
};
