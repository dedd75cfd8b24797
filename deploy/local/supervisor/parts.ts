import * as z from 'zod';

export const partReport = z.object({
  name: z.string().min(1).max(64),
  title: z.string().max(128),
  state: z.enum(['starting', 'running', 'external', 'absent', 'restarting', 'failed', 'stopped']),
  version: z.string().max(128).nullable(),
  origin: z.string().max(512).nullable(),
  address: z.string().max(512).nullable(),
  /** Of its process, where it has one that runs. */
  pid: z.int().min(1).nullable(),
  restarts: z.int().min(0),
  lastError: z.string().max(4096).nullable(),
  since: z.iso.datetime(),
});

export const partReports = z.object({ items: z.array(partReport).max(100) });

/** How one part of the one-machine stack is, as its demo process sees it. */
export type PartReport = z.infer<typeof partReport>;

const staleAfterMs = 20_000;

export type PartBoard = {
  post(items: readonly PartReport[]): void;
  read(): { items: PartReport[]; postedAt: string | null; stale: boolean };
};

/** Keeps what the demo process last said of its parts; `stale` when it has been silent for 20 s. */
export function createPartBoard(now: () => number = Date.now): PartBoard {
  let items: PartReport[] = [];
  let postedAt: number | undefined;
  return {
    post: (posted) => {
      items = [...posted];
      postedAt = now();
    },
    read: () => ({
      items,
      postedAt: postedAt === undefined ? null : new Date(postedAt).toISOString(),
      stale: postedAt === undefined || now() - postedAt > staleAfterMs,
    }),
  };
}
