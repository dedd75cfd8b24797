import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { config } from '#lib/core/config.ts';
import { once } from '#lib/core/registry.ts';
import type { ReadSlo } from './openslo/index.ts';
import { problemAt, readSlos } from './read-source.ts';
import type { SloProblem } from './schemas.ts';

const mostFiles = 2_000;
const mostBytes = 1_000_000;
const lookAgainMs = 2_000;

export interface FiledSlo extends ReadSlo {
  file: string;
}

export type FileProblem = SloProblem & { file: string };

/** What a folder of OpenSLO files says. */
export interface SloFolder {
  slos: FiledSlo[];
  /** Errors only: what keeps something in a file from being an SLO. */
  problems: FileProblem[];
  /** Files of which not everything could be read: an SLO that is missing in them may still be meant. */
  broken: Set<string>;
  /** Whether every file was seen at all, so that what is in none of them is gone. */
  complete: boolean;
}

/** The files of the configured folder that could not be read, or not all of them, with lines and reasons. */
export function fileProblems(): FileProblem[] {
  return sloFolder().folder.problems;
}

/** The SLOs of the configured folder; read again when a file in it has changed. Never throws. */
export function sloFolder(): { folder: SloFolder; signature: string } {
  const held = once('slo-folder', () => ({ folder: null as SloFolder | null, signature: '', lookedAtMs: 0 }));
  const nowMs = Date.now();
  if (!held.folder || nowMs - held.lookedAtMs >= lookAgainMs) {
    const { QD_SLO_DIR: path, QD_DEFAULT_ENVIRONMENT: environment } = config();
    const signature = signatureOf(path);
    if (!held.folder || signature !== held.signature) held.folder = readSloFolder(path, environment);
    held.lookedAtMs = nowMs;
    held.signature = signature;
  }
  return { folder: held.folder, signature: held.signature };
}

/**
 * Reads every YAML file below a folder, in the order of their names; hidden ones are passed over. Of two SLOs of one
 * name the first counts, and the second is a problem.
 */
export function readSloFolder(path: string, defaultEnvironment: string): SloFolder {
  const folder: SloFolder = { slos: [], problems: [], broken: new Set(), complete: true };
  let files: string[];
  try {
    files = yamlFiles(path);
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such folder' : 'cannot be read';
    const problem = { ...problemAt(null, '', `QD_SLO_DIR: ${why}`, 'slo.folder'), file: path };
    return { ...folder, problems: [problem], complete: false };
  }
  if (files.length > mostFiles) {
    const problem = problemAt(null, '', `only the first ${mostFiles} files are read`, 'slo.folder');
    folder.problems.push({ ...problem, file: path });
    folder.complete = false;
  }
  for (const file of files.slice(0, mostFiles)) readInto(folder, file, defaultEnvironment);
  return withoutTwins(folder);
}

function readInto(folder: SloFolder, path: string, defaultEnvironment: string): void {
  const file = shown(path);
  const broken = (problems: SloProblem[]) => {
    folder.problems.push(...problems.map((problem) => ({ ...problem, file })));
    folder.broken.add(file);
  };
  try {
    if (statSync(path).size > mostBytes) throw new Error('it is larger than 1 MB');
    const { slos, problems } = readSlos(readFileSync(path, 'utf8'), defaultEnvironment);
    folder.slos.push(...slos.map((slo) => ({ ...slo, file })));
    const errors = problems.filter(({ level }) => level === 'error');
    if (errors.length > 0) broken(errors);
  } catch (error) {
    broken([problemAt(null, '', `cannot be read: ${(error as Error).message}`, 'slo.file')]);
  }
}

function withoutTwins(folder: SloFolder): SloFolder {
  const first = new Map<string, FiledSlo>();
  const slos = folder.slos.filter((slo) => {
    const { environment, name } = slo.definition;
    const before = first.get(`${environment}\n${name}`);
    if (!before) return first.set(`${environment}\n${name}`, slo);
    const message = `${name} is in ${before.file}, line ${before.line} already: that one counts`;
    folder.problems.push({ ...problemAt(slo.line, 'metadata.name', message, 'slo.twice'), file: slo.file });
    return false;
  });
  return { ...folder, slos };
}

/** From the folder that the process runs in, or the whole path where it is elsewhere. */
function shown(path: string): string {
  const here = relative(process.cwd(), path);
  return here === '' || here.startsWith('..') ? path : here;
}

/** Also where a file is a link, as those of a mounted ConfigMap are; what these point to is hidden, and left out. */
function yamlFiles(folder: string): string[] {
  return (readdirSync(folder, { recursive: true }) as string[])
    .filter((name) => /\.ya?ml$/i.test(name) && !name.split(/[\\/]/).some((part) => part.startsWith('.')))
    .map((name) => resolve(join(folder, name)))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false)
    .sort();
}

function signatureOf(folder: string): string {
  try {
    return yamlFiles(folder)
      .map((file) => {
        const { mtimeMs, size, ino } = statSync(file);
        return `${file}|${mtimeMs}|${size}|${ino}`;
      })
      .join('\n');
  } catch {
    return 'unreadable';
  }
}
