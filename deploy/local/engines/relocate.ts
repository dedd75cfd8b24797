import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';

/** The same path relative to the working folder, in exactly as many characters: `/usr/x` becomes `usr//x`. */
export function relativePath(absolute: string): string {
  const [first, ...rest] = absolute.slice(1).split('/');
  return `${first}//${rest.join('/')}`;
}

/**
 * Debian builds the place of templates and pages into its programs, and without them Alertmanager does not start. In
 * our unpacked copy that place is made relative to the working folder; its length stays, so that nothing moves.
 */
export function relocate(program: string, folder: string): void {
  const from = Buffer.from(folder);
  const to = Buffer.from(relativePath(folder));
  const content = readFileSync(program);
  let changed = false;
  for (let at = content.indexOf(from); at >= 0; at = content.indexOf(from, at + from.length)) {
    to.copy(content, at);
    changed = true;
  }
  if (!changed) return;
  writeFileSync(`${program}.new`, content, { mode: statSync(program).mode });
  renameSync(`${program}.new`, program);
}
