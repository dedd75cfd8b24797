import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { EngineMissing, findEngine } from '../engines.ts';
import { external as fromEnvironment } from '../stack/external.ts';
import type { Part } from '../stack/part.ts';
import { startService } from '../stack/service.ts';

/** Asks a Redis of ours for a sign of life; undefined when it gives one. */
export function redisTrouble(port: number, password: string, timeoutMs = 2_000): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: timeoutMs });
    let answer = '';
    const settle = (trouble: string | undefined) => {
      socket.destroy();
      resolve(trouble);
    };
    socket.on('connect', () => socket.write(`AUTH ${password}\r\nPING\r\n`));
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
      if (answer.includes('+PONG')) settle(undefined);
      else if (answer.includes('-')) settle(`Redis answers ${answer.trim()}`);
    });
    socket.on('timeout', () => settle('Redis does not answer'));
    socket.on('error', (error) => settle(`Redis: ${error.message}`));
  });
}

export const redis: Part = {
  name: 'redis',
  title: 'Redis',
  description: 'Cache and rate limits of the fleet; the fleet does without it.',
  variable: 'REDIS_URL',
  after: [],
  patience: 'is being fetched …',
  start: async (stack) => {
    const { data, external, ports, secrets, cache, urls } = stack;
    if (external.redisUrl) return fromEnvironment('REDIS_URL', external.redisUrl);
    let engine: Awaited<ReturnType<typeof findEngine>>;
    try {
      engine = await findEngine('redis', cache);
    } catch (error) {
      if (!(error instanceof EngineMissing)) throw error;
      stack.say(`  ${error.message}`);
      return { kind: 'absent', origin: 'not to be had; the fleet uses its fallback' };
    }
    const config = data.at('run', 'redis.conf');
    const lines = [
      'bind 127.0.0.1',
      `port ${ports.redis}`,
      `requirepass ${secrets.redis}`,
      `dir "${data.at('redis')}"`,
      'save ""',
      'appendonly no',
      'maxmemory 128mb',
      'maxmemory-policy allkeys-lru',
      'daemonize no',
    ];
    writeFileSync(config, `${lines.join('\n')}\n`, { mode: 0o600 });
    const child = await startService(stack, {
      name: 'redis',
      command: engine.program,
      args: [config],
      env: { PATH: process.env.PATH, ...engine.env },
      trouble: () => redisTrouble(ports.redis, secrets.redis),
      timeoutMs: 20_000,
    });
    urls.redis = `redis://:${secrets.redis}@127.0.0.1:${ports.redis}`;
    return {
      kind: 'running',
      version: engine.version,
      origin: engine.origin,
      address: `127.0.0.1:${ports.redis}`,
      child,
    };
  },
};
