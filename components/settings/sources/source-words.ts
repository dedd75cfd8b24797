import type { StatusName } from '#components/ui/status.tsx';
import type { Part, Source } from '#lib/catalog/source-schemas.ts';

interface Sign {
  status: StatusName;
  word: string;
}

/** Shape and word of an engine. A configured one that fails hurts; one that nobody configured does not. */
export function sourceSign({ state, required }: Pick<Source, 'state' | 'required'>): Sign {
  switch (state) {
    case 'ok':
      return { status: 'ok', word: 'ok' };
    case 'late':
      return { status: 'late', word: 'late' };
    case 'failing':
      return { status: 'failing', word: 'failing' };
    case 'unknown':
      return { status: 'nodata', word: 'not checked yet' };
    case 'absent':
      return required ? { status: 'failing', word: 'not configured' } : { status: 'idle', word: 'not configured' };
  }
}

const hurt = ['failing', 'late', 'unknown', 'ok', 'absent'] as const;

/** The worst first; what is required and not configured is among the worst. */
export function byWhatHurts(a: Source, b: Source): number {
  const rank = ({ state, required }: Source) => (state === 'absent' && required ? 0 : hurt.indexOf(state));
  return rank(a) - rank(b);
}

const partSigns: Record<Part['state'], Sign> = {
  running: { status: 'ok', word: 'running' },
  external: { status: 'ok', word: 'elsewhere' },
  starting: { status: 'waiting', word: 'starting' },
  restarting: { status: 'slow', word: 'restarting' },
  failed: { status: 'failing', word: 'failed' },
  stopped: { status: 'failing', word: 'stopped' },
  absent: { status: 'idle', word: 'absent' },
  unknown: { status: 'nodata', word: 'unknown' },
};

/** Shape and word of a process of the one-machine stack. */
export function partSign({ state }: Pick<Part, 'state'>): Sign {
  return partSigns[state];
}

/** How to configure what is not, as one sentence. */
export function howToConfigure({ setting, name }: Pick<Source, 'setting' | 'name'>): string {
  return `To use ${name}, set ${setting} to its address in the environment or in the file of QD_CONFIG, and start the console again.`;
}
