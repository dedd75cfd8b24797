import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const repository = new URL('../../../', import.meta.url);

/** Runs a program in the repository's folder and returns what it prints; rejects when it fails or takes 30 s. */
export async function runTool([program = '', ...args]: string[]): Promise<string> {
  const { stdout } = await run(program, args, { cwd: repository, timeout: 30_000 });
  return stdout;
}
