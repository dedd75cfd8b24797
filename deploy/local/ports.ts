import { randomInt } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { cacheFolder } from './folders.ts';
import { tryFileLock } from './process/lock.ts';

// Below the range from which the kernel takes ports for outgoing connections, so that a port that was ours a moment
// ago is still free when its process comes back.
const lowest = 20_000;
const highest = 32_000;

/** True when nobody listens on the port of the loopback address. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

const held = new Map<number, () => void>();

/** Reserves a port against the other stacks of this machine; false when it is taken or reserved by another. */
export async function reservePort(port: number, cache: string = cacheFolder()): Promise<boolean> {
  if (held.has(port)) return false;
  const release = tryFileLock(join(cache, 'ports', String(port)));
  if (!release) return false;
  if (await isPortFree(port)) {
    held.set(port, release);
    return true;
  }
  release();
  return false;
}

/** Gives up a reservation; unknown ports are ignored. */
export function releasePort(port: number): void {
  held.get(port)?.();
  held.delete(port);
}

/** Gives up all reservations of this process. */
export function releaseAllPorts(): void {
  for (const port of [...held.keys()]) releasePort(port);
}

/** Reserves a free port, the first of the preferred ones that is. Throws when 200 random ones were all taken. */
export async function choosePort(...preferred: readonly (number | undefined)[]): Promise<number> {
  for (const port of preferred) if (port !== undefined && (await reservePort(port))) return port;
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const port = randomInt(lowest, highest);
    if (await reservePort(port)) return port;
  }
  throw new Error(`No free port was found between ${lowest} and ${highest} on 127.0.0.1.`);
}

export type PortBook = {
  /** Reserves the wanted port, else the one of the last start, else the usual one, else any: the first that is free. */
  choose(name: string, wanted?: number, usual?: number): Promise<number>;
};

/** Ports by name that are kept in a file, so that a later start gets the same ones as far as they are free. */
export function openPortBook(file: string): PortBook {
  let ports: Record<string, number> = {};
  try {
    ports = JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>;
  } catch {}
  return {
    choose: async (name, wanted, usual) => {
      const port = await choosePort(wanted, ports[name], usual);
      ports = { ...ports, [name]: port };
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(`${file}.new`, `${JSON.stringify(ports, null, 2)}\n`);
      renameSync(`${file}.new`, file);
      return port;
    },
  };
}
