import { type Child, type ChildSpec, describeExit, startChild } from '../process/child.ts';
import { sleep } from '../process/signal.ts';
import { httpTrouble } from '../process/until-http.ts';
import type { Stack } from './stack.ts';

export type ServiceSpec = Omit<ChildSpec, 'logFile'> & {
  /** Undefined when all is well, else what is wrong, in words. */
  trouble: () => Promise<string | undefined>;
  timeoutMs?: number;
};

/** Starts a process of the stack, its output going to the logs folder, and waits until it is healthy. */
export async function startService(
  stack: Stack,
  { trouble, timeoutMs = 60_000, ...spec }: ServiceSpec,
): Promise<Child> {
  const logFile = stack.data.at('logs', `${spec.name}.log`);
  const child = await startChild({ ...spec, logFile });
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const wrong = await trouble();
    // An answer counts only from our own process: another may hold its port.
    if (!child.running()) {
      const said = child.lastLines().filter(Boolean).slice(-4).join(' | ');
      throw new Error(`It ${describeExit(await child.exited)}: ${said || 'it said nothing'} (${logFile})`);
    }
    if (!wrong) return child;
    if (Date.now() > deadline) {
      await child.stop();
      throw new Error(`It is not healthy after ${timeoutMs / 1000} s: ${wrong} (${logFile})`);
    }
    await sleep(75);
  }
}

/** A health check by GET. */
export function answers(url: string, token?: string): () => Promise<string | undefined> {
  return () => httpTrouble(url, token ? { authorization: `Bearer ${token}` } : {});
}

/** The environment that every Node process of the stack gets. */
export function nodeEnvironment(stack: Stack): Record<string, string | undefined> {
  return {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    LANG: process.env.LANG,
    NODE_EXTRA_CA_CERTS: process.env.NODE_EXTRA_CA_CERTS,
    TZ: 'UTC',
    NODE_ENV: 'production',
    // glibc keeps freed memory for each of Node's threads otherwise.
    MALLOC_ARENA_MAX: '2',
    // A dozen processes on one machine: a smaller young generation saves 25 MB in each at the demo's load.
    NODE_OPTIONS: process.env.NODE_OPTIONS || '--max-semi-space-size=4',
    // Types are stripped once, not at each start.
    NODE_COMPILE_CACHE: `${stack.cache}/node-compile-cache`,
    QD_CACHE: stack.cache,
  };
}
