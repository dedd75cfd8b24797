import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const chunkBytes = 65_536;

/** The last `count` lines of one file, oldest first; none when there is no such file. Reads from its end. */
export function tailOfFile(file: string, count: number): string[] {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    return [];
  }
  try {
    let position = fstatSync(descriptor).size;
    const chunks: Buffer[] = [];
    let newlines = 0;
    while (position > 0 && newlines <= count) {
      const length = Math.min(chunkBytes, position);
      position -= length;
      const chunk = Buffer.alloc(length);
      readSync(descriptor, chunk, 0, length, position);
      for (const byte of chunk) if (byte === 10) newlines += 1;
      chunks.unshift(chunk);
    }
    const lines = Buffer.concat(chunks).toString('utf8').split('\n');
    if (lines.at(-1) === '') lines.pop();
    return lines.slice(-count);
  } finally {
    closeSync(descriptor);
  }
}

/** The last lines of a rotated log: those of the file, and where they are too few, of the one before it. */
export function tailOfLog(file: string, count: number): string[] {
  const lines = tailOfFile(file, count);
  return lines.length < count ? [...tailOfFile(`${file}.1`, count - lines.length), ...lines] : lines;
}
