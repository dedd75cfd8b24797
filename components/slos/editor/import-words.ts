import type { SloImportAnswer } from '#lib/slo/schemas.ts';

const count = ({ items }: Pick<SloImportAnswer, 'items'>, outcome: string) =>
  items.filter((item) => item.outcome === outcome).length;

/** How many SLOs an import creates or changes. */
export const changesIn = (answer: Pick<SloImportAnswer, 'items'>): number =>
  count(answer, 'created') + count(answer, 'updated');

const slos = (number: number) => (number === 1 ? '1 SLO' : `${number} SLOs`);

/** What an import does: `Create 2 SLOs, change 1` on its button, `2 SLOs created, 1 unchanged` once it is done. */
export function importSentence(answer: Pick<SloImportAnswer, 'items'>, tense: 'verb' | 'done'): string {
  const created = count(answer, 'created');
  const updated = count(answer, 'updated');
  if (tense === 'verb') {
    if (created === 0) return `Change ${slos(updated)}`;
    return `Create ${slos(created)}${updated > 0 ? `, change ${updated}` : ''}`;
  }
  const parts = (['created', 'updated', 'unchanged', 'refused'] as const)
    .map((outcome) => [count(answer, outcome), outcome] as const)
    .filter(([number]) => number > 0)
    .map(([number, outcome], index) => `${index === 0 ? slos(number) : number} ${outcome}`);
  return parts.length === 0 ? 'There is no SLO in it.' : `${parts.join(', ')}.`;
}
