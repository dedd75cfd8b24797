import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { findOnPath } from '#deploy/local/engines/probe.ts';
import { isRoot, repositoryRoot } from '#deploy/local/folders.ts';
import { runTool } from '#deploy/local/process/run-tool.ts';

const programs = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const installMs = 300_000;

async function installFromDistribution(): Promise<void> {
  const aptGet = findOnPath(['apt-get']);
  if (!isRoot || !aptGet) throw new Error(isRoot ? 'apt-get is not on PATH' : 'needs root');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = () =>
    runTool({
      name: 'apt-get install chromium',
      command: aptGet,
      args: ['-q', '-y', '-o', 'DPkg::Lock::Timeout=120', 'install', '--no-install-recommends', 'chromium'],
      env,
      timeoutMs: installMs,
    });
  await install().catch(async () => {
    await runTool({ name: 'apt-get update', command: aptGet, args: ['-q', 'update'], env, timeoutMs: installMs });
    await install();
  });
}

async function installFromPlaywright(): Promise<void> {
  await runTool({
    name: 'playwright install chromium',
    command: process.execPath,
    args: [join(repositoryRoot, 'node_modules/playwright/cli.js'), 'install', 'chromium'],
    env: { ...process.env },
    timeoutMs: installMs,
  });
}

const playwrights = () => (existsSync(chromium.executablePath()) ? chromium.executablePath() : undefined);

/**
 * Path of a Chromium: the one on PATH, else Playwright's own, else the distribution's, which is installed as root, else
 * Playwright's, which is downloaded. Throws with all that was tried.
 */
export async function ensureChromium(): Promise<string> {
  const there = process.env.E2E_CHROMIUM || findOnPath(programs) || playwrights();
  if (there) return there;
  const tried: string[] = [`PATH: no ${programs.join(', ')}`, "Playwright's own: not downloaded"];
  for (const [way, install] of [
    ["the distribution's", installFromDistribution],
    ["Playwright's download", installFromPlaywright],
  ] as const) {
    try {
      await install();
      const found = findOnPath(programs) ?? playwrights();
      if (found) return found;
      tried.push(`${way}: installed, but not found`);
    } catch (error) {
      tried.push(`${way}: ${(error as Error).message}`);
    }
  }
  throw new Error(
    `No Chromium to test with. Tried: ${tried.join('; ')}. Install one, or set E2E_CHROMIUM to its program.`,
  );
}
