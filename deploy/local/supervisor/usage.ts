import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

export type Usage = { cpuSeconds: number; memoryBytes: number };

// What USER_HZ is on every Linux that Node runs on.
const ticksPerSecond = 100;

/** Reads the processor time out of /proc/PID/stat, in seconds. */
export function parseStatCpuSeconds(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** Reads the resident memory out of /proc/PID/status, in bytes. */
export function parseStatusMemoryBytes(status: string): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
}

/** Reads `ps -o pid=,rss=,time=`; the time is [[dd-]hh:]mm:ss[.ff]. */
export function parsePs(output: string): Map<number, Usage> {
  const usages = new Map<number, Usage>();
  for (const line of output.split('\n')) {
    const match = /^\s*(\d+)\s+(\d+)\s+(?:(\d+)-)?([\d:.]+)\s*$/.exec(line);
    if (!match) continue;
    const seconds = (match[4] ?? '').split(':').reduce((total, part) => total * 60 + Number(part), 0);
    usages.set(Number(match[1]), {
      cpuSeconds: seconds + Number(match[3] ?? 0) * 86_400,
      memoryBytes: Number(match[2]) * 1024,
    });
  }
  return usages;
}

/** Processor time and memory of each process; those that are gone are missing in the answer. */
export async function readUsage(pids: readonly number[]): Promise<Map<number, Usage>> {
  if (process.platform === 'linux') {
    const usages = new Map<number, Usage>();
    for (const pid of pids) {
      try {
        usages.set(pid, {
          cpuSeconds: parseStatCpuSeconds(readFileSync(`/proc/${pid}/stat`, 'utf8')),
          memoryBytes: parseStatusMemoryBytes(readFileSync(`/proc/${pid}/status`, 'utf8')),
        });
      } catch {}
    }
    return usages;
  }
  if (pids.length === 0) return new Map();
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'pid=,rss=,time=', '-p', pids.join(',')]);
    return parsePs(stdout);
  } catch {
    return new Map();
  }
}

export type UsageSampler = {
  /** `cpuRatio` is cores in use between the last two samples (1 is one core), absent until there are two. */
  of(pid: number): { cpuSeconds: number; cpuRatio?: number; memoryBytes: number } | undefined;
  sample(): Promise<void>;
};

/** Keeps the last two readings of every process that `pids` names. */
export function createUsageSampler(pids: () => readonly number[]): UsageSampler {
  type Reading = Usage & { at: number; cpuRatio?: number };
  let readings = new Map<number, Reading>();
  return {
    of: (pid) => readings.get(pid),
    sample: async () => {
      const at = performance.now();
      const next = new Map<number, Reading>();
      for (const [pid, usage] of await readUsage(pids())) {
        const before = readings.get(pid);
        const elapsedSeconds = before ? (at - before.at) / 1000 : 0;
        const cpuRatio =
          before && elapsedSeconds > 0 ? Math.max(0, usage.cpuSeconds - before.cpuSeconds) / elapsedSeconds : undefined;
        next.set(pid, { ...usage, at, cpuRatio });
      }
      readings = next;
    },
  };
}
