import { join } from 'node:path';
import { buildConsole, type ConsoleBuild } from '../console-build.ts';
import type { Part } from '../stack/part.ts';
import { answers, startService } from '../stack/service.ts';
import { consoleEnvironment } from './console-environment.ts';

let build: ConsoleBuild | undefined;

export const consoleBuild: Part = {
  name: 'console-build',
  title: 'Console build',
  description: 'The production build of the console, made anew when its sources changed.',
  after: [],
  patience: 'is being made; this takes a minute or two when the sources changed …',
  start: async ({ data }) => {
    build = await buildConsole(data.at('logs', 'console-build.log'));
    return { kind: 'done', origin: build.built ? 'next build' : 'up to date', version: build.digest.slice(0, 8) };
  },
};

export const webConsole: Part = {
  name: 'console',
  title: 'Console',
  description: 'The web console.',
  after: ['console-build', 'migrations', 'redis', 'history'],
  start: async (stack) => {
    build ??= await buildConsole(stack.data.at('logs', 'console-build.log'));
    const { urls, ports } = stack;
    const child = await startService(stack, {
      name: 'console',
      command: process.execPath,
      args: [join(build.folder, 'server.js')],
      cwd: build.folder,
      env: {
        ...consoleEnvironment(stack),
        HOSTNAME: '127.0.0.1',
        PORT: String(ports.console),
        NEXT_TELEMETRY_DISABLED: '1',
      },
      graceMs: 10_000,
      trouble: answers(`${urls.console}/readyz`),
    });
    return { kind: 'running', origin: 'production build', address: urls.console, child };
  },
};
