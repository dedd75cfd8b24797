import { formatPercent } from '#components/charts/units.ts';
import type { Suspect, SuspectList } from '#lib/traces/schemas.ts';

const n = (count: number) => count.toLocaleString('en');

/** What a kind of suspect is called. */
export const kindWords: Record<Suspect['kind'], string> = {
  version: 'version',
  replica: 'replica',
  route: 'route',
  dependency: 'dependency',
  fault: 'fault',
  attribute: 'attribute',
};

/** How many failed, as a sentence: `None of 1,204 requests failed in this time.` */
export function failingSentence({ failing, ok }: Pick<SuspectList, 'failing' | 'ok'>): string {
  const all = failing + ok;
  if (all === 0) return 'No request of it was found in this time.';
  if (failing === 0)
    return all === 1 ? 'The one request in this time succeeded.' : `None of ${n(all)} requests failed in this time.`;
  return `${n(failing)} of ${n(all)} requests failed.`;
}

/** What a suspect explains: `explains 94 % of failing, 6 % of successful`. */
export function explainsWords({ failingRatio, okRatio }: Pick<Suspect, 'failingRatio' | 'okRatio'>): string {
  return `explains ${formatPercent(failingRatio, 0)} of failing, ${formatPercent(okRatio, 0)} of successful`;
}

/** Where the traces of a suspect are searched. */
export function suspectHref(search: string): string {
  return `/traces?${search.replace(/^\?/, '')}`;
}
