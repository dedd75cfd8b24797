// Runs on any Node from 18 on, before anything is installed: installs the dependencies when the lock file changed, then
// runs the given script on Node 24.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const modules = join(root, 'node_modules');
const note = join(modules, '.quarterdeck-installed');
const leastNode = [22, 18];
const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/** @param {string} message @returns {never} */
function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

/** @param {string} version */
function isNewEnough(version) {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  return major > leastNode[0] || (major === leastNode[0] && minor >= leastNode[1]);
}

/** @param {number} durationMs */
const sleep = (durationMs) => new Promise((done) => setTimeout(done, durationMs));

/** @param {number} pid */
function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/** Only one of several bootstraps installs; the others wait and then find the work done. */
async function takeLock() {
  const lock = join(root, '.cache', 'install.lock');
  mkdirSync(dirname(lock), { recursive: true });
  const draft = `${lock}.${process.pid}`;
  writeFileSync(draft, String(process.pid));
  try {
    for (let said = false; ; ) {
      try {
        linkSync(draft, lock);
        return () => rmSync(lock, { force: true });
      } catch (error) {
        if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
      }
      let holder = 0;
      try {
        holder = Number(readFileSync(lock, 'utf8'));
      } catch {
        continue;
      }
      if (!isRunning(holder)) {
        rmSync(lock, { force: true });
        continue;
      }
      if (!said) process.stderr.write('Waiting for another start to install the dependencies …\n');
      said = true;
      await sleep(300);
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

/** @param {string} file @returns {Record<string, any> | undefined} */
function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** True when npm's own account of what is installed has everything of the lock file, in the same versions. */
function matchesLock() {
  const wanted = readJson(join(root, 'package-lock.json'))?.packages ?? {};
  const there = readJson(join(modules, '.package-lock.json'))?.packages;
  if (!there) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.startsWith('node_modules/')) return true;
    const installed = there[path];
    if (!installed) return Boolean(entry.optional || entry.peer);
    return installed.version === entry.version && installed.link === entry.link;
  });
}

const lockDigest = () =>
  createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(`${process.platform}-${process.arch}`)
    .digest('hex');

function isInstalled() {
  const digest = lockDigest();
  if (existsSync(note) && readFileSync(note, 'utf8') === digest) return true;
  if (!matchesLock()) return false;
  writeFileSync(note, digest);
  return true;
}

async function install() {
  process.stderr.write('Installing the dependencies (first start, or the lock file changed) …\n');
  const began = Date.now();
  rmSync(note, { force: true });
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const cli = process.env.npm_execpath;
  const [command, before] =
    cli && /npm-cli\.js$/.test(cli) && existsSync(cli) ? [process.execPath, [cli]] : ['npm', []];
  // What npm run sets is for its script, not for an npm within it.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(config|package|lifecycle)_/.test(name)),
  );
  const npm = spawn(command, [...before, ...args], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [npm.stdout, npm.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output = (output + text).slice(-200_000);
    });
  }
  const end = (/** @type {NodeJS.Signals} */ signal) => {
    npm.kill(signal);
    setTimeout(() => npm.kill('SIGKILL'), 1_000);
  };
  for (const signal of signals) process.on(signal, end);
  const how = await new Promise((done) => {
    npm.on('error', (error) => done(`could not be run (${error.message}); install Node with npm`));
    npm.on('close', (code, signal) => done(code === 0 ? '' : `ended with ${signal ?? `exit code ${code}`}`));
  });
  for (const signal of signals) process.off(signal, end);
  if (how) {
    const lines = output.split('\n').filter((line) => line.replace('npm error', '').trim());
    fail(
      `The dependencies could not be installed: npm ci ${how}.\n  ${lines.slice(0, 15).join('\n  ')}\n` +
        'Check that the npm registry can be reached (npm ping) and that the disk is not full, then start again.',
    );
  }
  writeFileSync(note, lockDigest());
  process.stderr.write(`Installed the dependencies in ${Math.round((Date.now() - began) / 1000)} s.\n`);
}

/** The Node 24 that was installed, else this one when it is new enough. */
function findNode() {
  const bundled = join(modules, `node-${process.platform}-${process.arch}`, 'bin', 'node');
  if (existsSync(bundled) && spawnSync(bundled, ['--version'], { stdio: 'ignore' }).status === 0) return bundled;
  if (isNewEnough(process.version)) return process.execPath;
  return fail(
    `Quarterdeck needs Node ${leastNode.join('.')} or newer; this is ${process.version}, and none comes with npm for ` +
      `${process.platform}-${process.arch}. Install Node 24 from https://nodejs.org and start again.`,
  );
}

const [script, ...rest] = process.argv.slice(2);
if (!script) fail('usage: node deploy/local/bootstrap.js SCRIPT [ARGUMENT …]');
if (Number(process.versions.node.split('.')[0]) < 18) {
  fail(`Quarterdeck can be started with Node 18 or newer; this is ${process.version}.`);
}

if (!isInstalled()) {
  const release = await takeLock();
  process.once('exit', release);
  if (!isInstalled()) await install();
  release();
}

const child = spawn(findNode(), [resolve(root, script), ...rest], {
  cwd: root,
  // The channel tells the script when we are gone, however that came about.
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  env: { ...process.env, PATH: [join(modules, '.bin'), process.env.PATH].filter(Boolean).join(delimiter) },
});
child.on('error', (error) => fail(`${script} could not be started: ${error.message}`));
for (const signal of signals) process.on(signal, () => child.kill(signal));

/** The parent of our parent: under npm that is npm, with a shell between. */
function grandparent() {
  try {
    const stat = readFileSync(`/proc/${process.ppid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
  } catch {
    return spawnSync('ps', ['-o', 'ppid=', '-p', String(process.ppid)], { encoding: 'utf8' }).stdout?.trim();
  }
}

// npm passes no signal on when it is itself killed outright; then its script must not go on without it.
if (process.env.npm_lifecycle_event) {
  const ancestors = `${process.ppid} ${grandparent()}`;
  const everyMs = process.platform === 'linux' ? 1_000 : 5_000;
  setInterval(() => {
    if (`${process.ppid} ${grandparent()}` !== ancestors) child.kill('SIGTERM');
  }, everyMs).unref();
}

child.on('exit', (code, signal) => {
  if (signal) {
    for (const one of signals) process.removeAllListeners(one);
    process.kill(process.pid, signal);
    setTimeout(() => process.exit(1), 500);
    return;
  }
  process.exit(code ?? 1);
});
