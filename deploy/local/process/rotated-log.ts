import { mkdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Writable } from 'node:stream';
import { createStream } from 'rotating-file-stream';

export const rotatedLogLimits = { size: '5M', maxFiles: 3 } as const;

/** A log file that is moved aside at 5 MB; three older ones (`name.1` is the youngest) are kept. */
export function openRotatedLog(path: string): Writable {
  mkdirSync(dirname(path), { recursive: true });
  const name = basename(path);
  const stream = createStream((index) => (index ? `${name}.${Number(index)}` : name), {
    path: dirname(path),
    size: rotatedLogLimits.size,
    rotate: rotatedLogLimits.maxFiles,
    mode: 0o600,
  });
  // A full disk must not take the process with it whose output we keep.
  stream.on('error', () => {});
  stream.on('warning', () => {});
  return stream;
}
