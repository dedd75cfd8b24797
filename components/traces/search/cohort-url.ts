import { formatDuration, parseDuration } from './duration.ts';

/** The traces that are held against the rest of the same search. Times in milliseconds since 1970. */
export type Cohort =
  | { kind: 'box'; fromMs: number; toMs: number; minMs: number; maxMs: number }
  | { kind: 'errors' }
  | { kind: 'slow'; slowMs: number }
  | { kind: 'after'; atMs: number }
  | { kind: 'window'; fromMs: number; toMs: number };

const params = ['cohort', 'slow', 'after', 'window', 'box'] as const;

function times(text: string | null): [number, number] | null {
  const [from, to] = (text ?? '').split(',').map((part) => Date.parse(part));
  return from !== undefined && to !== undefined && from < to ? [from, to] : null;
}

/** The selection that an address asks for; null where there is none or it cannot be read. */
export function parseCohort(search: URLSearchParams): Cohort | null {
  switch (search.get('cohort')) {
    case 'errors':
      return { kind: 'errors' };
    case 'slow': {
      const slowMs = parseDuration(search.get('slow') ?? '');
      return typeof slowMs === 'number' ? { kind: 'slow', slowMs } : null;
    }
    case 'after': {
      const atMs = Date.parse(search.get('after') ?? '');
      return Number.isFinite(atMs) ? { kind: 'after', atMs } : null;
    }
    case 'window': {
      const found = times(search.get('window'));
      return found && { kind: 'window', fromMs: found[0], toMs: found[1] };
    }
    case 'box': {
      const text = search.get('box') ?? '';
      const found = times(text);
      const [minMs, maxMs] = text.split(',').slice(2).map(parseDuration);
      if (!found || typeof minMs !== 'number' || typeof maxMs !== 'number' || minMs > maxMs) return null;
      return { kind: 'box', fromMs: found[0], toMs: found[1], minMs, maxMs };
    }
    default:
      return null;
  }
}

const instant = (ms: number) => new Date(ms).toISOString().replace('.000Z', 'Z');

/** `search` with the selection written into it, or taken out of it. */
export function writeCohort(search: URLSearchParams, cohort: Cohort | null): URLSearchParams {
  const next = new URLSearchParams(search);
  for (const name of params) next.delete(name);
  if (!cohort) return next;
  next.set('cohort', cohort.kind);
  if (cohort.kind === 'slow') next.set('slow', formatDuration(cohort.slowMs));
  if (cohort.kind === 'after') next.set('after', instant(cohort.atMs));
  if (cohort.kind === 'window') next.set('window', `${instant(cohort.fromMs)},${instant(cohort.toMs)}`);
  if (cohort.kind === 'box') {
    const { fromMs, toMs, minMs, maxMs } = cohort;
    next.set('box', [instant(fromMs), instant(toMs), formatDuration(minMs), formatDuration(maxMs)].join());
  }
  return next;
}
