import { readFileSync } from 'node:fs';
import * as z from 'zod';

const release = z.object({
  version: z.string(),
  base: z.url(),
  archives: z.record(z.string(), z.string()),
  sha256: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)),
});

const entry = z.object({
  title: z.string(),
  variable: z.string(),
  programs: z.array(z.string()).min(1),
  minimumVersion: z.string(),
  packages: z.array(z.string()).min(1),
  /** Where the distribution's build looks for its templates and pages, wherever it was unpacked. */
  fixedFolder: z.string().startsWith('/').optional(),
  release: release.optional(),
});

const catalog = z.object({ about: z.string(), prometheus: entry, alertmanager: entry, redis: entry });

export type EngineName = 'prometheus' | 'alertmanager' | 'redis';
export type EngineEntry = z.infer<typeof entry>;
export type EngineRelease = z.infer<typeof release>;

/** What engines.json says of one engine. */
export function engineEntry(name: EngineName): EngineEntry {
  const file = new URL('../engines.json', import.meta.url);
  return catalog.parse(JSON.parse(readFileSync(file, 'utf8')))[name];
}
