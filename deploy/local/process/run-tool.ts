import { type ChildSpec, describeExit, startChild } from './child.ts';

/** A program that was to run to its end and did not end well. */
export class ToolFailed extends Error {
  /** The last lines that it printed. */
  readonly lines: readonly string[];

  constructor(name: string, how: string, lines: readonly string[]) {
    const said = lines.filter((line) => line.trim()).slice(-6);
    super(`${name} ${how}${said.length > 0 ? `: ${said.join(' | ')}` : ''}`);
    this.name = 'ToolFailed';
    this.lines = lines;
  }
}

/** Runs a program to its end and answers its last lines; it does not outlive us. Throws ToolFailed. */
export async function runTool(spec: ChildSpec & { timeoutMs?: number }): Promise<string[]> {
  const child = await startChild(spec);
  let overdue = false;
  const timer = spec.timeoutMs
    ? setTimeout(() => {
        overdue = true;
        void child.stop();
      }, spec.timeoutMs)
    : undefined;
  const exit = await child.exited;
  clearTimeout(timer);
  const lines = child.lastLines();
  if (overdue) throw new ToolFailed(spec.name, `did not end within ${(spec.timeoutMs ?? 0) / 1000} s`, lines);
  if (exit.code !== 0) throw new ToolFailed(spec.name, describeExit(exit), lines);
  return lines;
}
