import { spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import { guardian } from './guardian.ts';
import { openRotatedLog } from './rotated-log.ts';
import { killGroup, send } from './signal.ts';

export type ChildSpec = {
  name: string;
  command: string;
  args: readonly string[];
  cwd?: string;
  /** The whole environment of the child; nothing is inherited. */
  env: Record<string, string | undefined>;
  uid?: number;
  gid?: number;
  stopSignal?: NodeJS.Signals;
  /** How long the child may take to end after `stopSignal` before its group is killed. */
  graceMs?: number;
  /** File for its output; without one the output is only kept in memory for error messages. */
  logFile?: string;
};

export type Exit = { code: number | null; signal: NodeJS.Signals | null };

export type Child = {
  name: string;
  pid: number;
  startedAt: Date;
  /** Settles when the process has ended; never rejects. */
  exited: Promise<Exit>;
  running(): boolean;
  /** The last lines of its output, oldest first. */
  lastLines(): string[];
  kill(signal: NodeJS.Signals): void;
  /** Asks it to end, kills its group after the grace; safe to call twice. */
  stop(): Promise<Exit>;
};

const keptLines = 40;
const living = new Set<Child>();
let observer: (children: readonly Child[]) => void = () => {};

/** Tells whoever keeps a record of them which processes run, at each start and end of one. */
export function observeChildren(listener: (children: readonly Child[]) => void): void {
  observer = listener;
}

/** Ends every process that was started here and still runs. */
export async function stopAllChildren(): Promise<void> {
  await Promise.all([...living].map((child) => child.stop()));
}

/** Says in words how a process ended. */
export function describeExit(exit: Exit): string {
  return exit.signal ? `ended by ${exit.signal}` : `ended with exit code ${exit.code}`;
}

/**
 * Starts a process in a group of its own (a Ctrl-C in the terminal does not reach it) which is ended by the guardian
 * when we die. Rejects when the command cannot be started.
 */
export async function startChild(spec: ChildSpec): Promise<Child> {
  const keeper = guardian();
  const child = spawn(spec.command, spec.args, {
    cwd: spec.cwd,
    env: Object.fromEntries(Object.entries(spec.env).filter(([, value]) => value !== undefined)) as NodeJS.ProcessEnv,
    uid: spec.uid,
    gid: spec.gid,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const pid = child.pid;
  if (pid === undefined) {
    const reason = await new Promise<Error>((resolve) => child.once('error', resolve));
    throw new Error(`${spec.name} cannot be started with ${spec.command}: ${reason.message}`);
  }
  child.on('error', () => {});
  const stopSignal = spec.stopSignal ?? 'SIGTERM';
  const graceMs = spec.graceMs ?? 5_000;
  keeper.watch(pid, stopSignal, graceMs);

  const recent: string[] = [];
  const log: Writable | undefined = spec.logFile ? openRotatedLog(spec.logFile) : undefined;
  for (const output of [child.stdout, child.stderr]) {
    let rest = '';
    output.setEncoding('utf8');
    output.on('data', (chunk: string) => {
      log?.write(chunk);
      const lines = (rest + chunk).split('\n');
      rest = (lines.pop() ?? '').slice(-4096);
      recent.push(...lines);
      if (recent.length > keptLines) recent.splice(0, recent.length - keptLines);
    });
    output.on('end', () => {
      if (rest) recent.push(rest);
    });
  }

  let exit: Exit | undefined;
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => {
      exit = { code, signal };
      // What it left behind in its group would hold ports and files.
      killGroup(pid);
      keeper.forget(pid);
      const settle = () => resolve(exit as Exit);
      // Neither a grandchild that keeps the pipe open nor a full disk may hold up whoever waits.
      const timer = setTimeout(settle, 1_000);
      child.once('close', () => {
        const done = () => {
          clearTimeout(timer);
          settle();
        };
        if (log) log.end(done);
        else done();
      });
    });
  });

  const started: Child = {
    name: spec.name,
    pid,
    startedAt: new Date(),
    exited,
    running: () => exit === undefined,
    lastLines: () => [...recent],
    kill: (signal) => {
      if (!exit) send(pid, signal);
    },
    stop: async () => {
      if (!exit) {
        send(pid, stopSignal);
        const timer = setTimeout(() => killGroup(pid), graceMs);
        await exited;
        clearTimeout(timer);
      }
      return exited;
    },
  };
  living.add(started);
  observer([...living]);
  void exited.then(() => {
    living.delete(started);
    observer([...living]);
  });
  return started;
}
