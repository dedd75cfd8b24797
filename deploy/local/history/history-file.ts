import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import * as z from 'zod';
import type { DataFolder } from '../data-folder.ts';

const schema = z.object({
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  releases: z.array(z.object({ service: z.string(), at: z.iso.datetime(), version: z.string(), title: z.string() })),
});

/** What was generated into the Prometheus of a data folder. */
export type HistoryFile = z.infer<typeof schema>;

const fileOf = (data: DataFolder) => data.at('history.json');

/** What was generated into this folder's Prometheus; undefined where nothing was. */
export function readHistory(data: DataFolder): HistoryFile | undefined {
  const file = fileOf(data);
  return existsSync(file) ? schema.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
}

export function writeHistoryFile(data: DataFolder, history: HistoryFile): void {
  const file = fileOf(data);
  writeFileSync(`${file}.new`, `${JSON.stringify(history, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
