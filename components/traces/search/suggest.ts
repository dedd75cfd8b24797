import { parseFilter } from '#lib/traces/filter-rules.ts';
import type { TraceFacets } from '#lib/traces/schemas.ts';
import { canWrite, type Field, formatTerm, isField, isTextField } from './terms.ts';

/** What is being written at the end of the line. */
export type Stage =
  | { kind: 'key'; text: string }
  | { kind: 'value'; key: string; operator: string; text: string; scope: 'span' | 'resource' | null; name: string };

/** One thing that is offered while one types. */
export interface Suggestion {
  id: string;
  label: string;
  /** Quieter, beside it. */
  hint?: string;
  /** What the line holds when it is taken; `isDone`: a whole condition. */
  text: string;
  isDone: boolean;
}

const most = 60;
const keyAndValue = /^([^\s=!<>"]+)\s*(!=|>=|<=|=|>|<)\s*(.*)$/su;

/** Whether a key or a value is being written. */
export function stageOf(draft: string): Stage {
  const found = keyAndValue.exec(draft.trimStart());
  if (!found) return { kind: 'key', text: draft.trim() };
  const [, key = '', operator = '=', rest = ''] = found;
  const text = rest.replace(/^"/, '').replace(/"$/, '');
  const read = isField(key) ? key : parseFilter(key);
  if (typeof read === 'string') return { kind: 'value', key, operator, text, scope: null, name: key };
  return { kind: 'value', key, operator, text, scope: read.scope ?? null, name: read.key };
}

/** 0 for the same, 1 for what begins with it, 2 where a part does, 3 where it is inside; null where it is not. */
function rank(candidate: string, wanted: string): number | null {
  const [a, b] = [candidate.toLowerCase(), wanted.toLowerCase()];
  if (a === b) return 0;
  if (a.startsWith(b)) return 1;
  const at = a.indexOf(b);
  if (at === -1) return null;
  return /[^a-z0-9]/.test(a[at - 1] ?? '') ? 2 : 3;
}

function fitting<T>(all: readonly T[], wanted: string, text: (one: T) => string): T[] {
  return all
    .flatMap((one, i) => {
      const place = rank(text(one), wanted);
      return place === null ? [] : [{ one, place, i }];
    })
    .sort((a, b) => a.place - b.place || a.i - b.i)
    .slice(0, most)
    .map(({ one }) => one);
}

const fieldHints: Record<Field, string> = {
  service: 'spans of one service',
  operation: 'name of the span',
  status: 'error or ok',
  duration: 'of the span',
  source: 'ask only this one',
};

/** The attribute as it is written in the line: resources carry their scope. */
export function attributeName({ scope, key }: { scope: 'span' | 'resource'; key: string }): string {
  const isAmbiguous = key.startsWith('span.') || key.startsWith('resource.');
  return scope === 'resource' || isAmbiguous ? `${scope}.${key}` : key;
}

/** Fields and attributes whose name fits. */
export function suggestKeys(text: string, facets: TraceFacets | undefined, hasSources: boolean): Suggestion[] {
  const offered: Suggestion[] = [
    ...(['service', 'operation', 'status'] as const).map((field) => ({ field, operator: '=' })),
    { field: 'duration' as const, operator: '>' },
    { field: 'duration' as const, operator: '<' },
    ...(hasSources ? [{ field: 'source' as const, operator: '=' }] : []),
  ].map(({ field, operator }) => ({
    id: `${field}${operator}`,
    label: field === 'duration' ? `${field} ${operator}` : field,
    hint: fieldHints[field],
    text: `${field} ${operator} `,
    isDone: false,
  }));
  const attributes = (facets?.attributes ?? [])
    .map((one) => ({ ...one, name: attributeName(one) }))
    .filter(({ name }) => canWrite(name))
    .sort((a, b) => Number(b.indexed) - Number(a.indexed))
    .map(
      ({ name, indexed }): Suggestion => ({
        id: `attribute ${name}`,
        label: name,
        hint: indexed ? 'indexed' : 'not indexed: every span is looked at',
        text: `${name} = `,
        isDone: false,
      }),
    );
  return fitting([...offered, ...attributes], text, ({ label }) => label);
}

/** Values that fit, and what was written itself where it is none of them. */
export function suggestValues(stage: Extract<Stage, { kind: 'value' }>, values: readonly string[]): Suggestion[] {
  const { key, operator, text } = stage;
  const write = (value: string) => {
    if (key === 'duration' || key === 'status') return `${key} ${operator} ${value}`;
    if (isTextField(key)) return formatTerm({ field: key, value });
    return formatTerm({ field: 'attribute', filter: `${key}${operator}${value}` });
  };
  const list = fitting(values, text, (value) => value).map(
    (value): Suggestion => ({
      id: `value ${value}`,
      label: value === '' ? '(empty)' : value,
      text: write(value),
      isDone: true,
    }),
  );
  if (isField(key)) return list;
  if (text === '') {
    return [...list, { id: 'exists', label: 'any value', hint: `${key} exists`, text: `${key} exists`, isDone: true }];
  }
  if (values.includes(text)) return list;
  return [...list, { id: 'own', label: text, hint: 'as written', text: write(text), isDone: true }];
}
