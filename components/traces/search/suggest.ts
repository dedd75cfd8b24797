import {
  anyValue,
  fitting,
  knownValue,
  type Suggestion,
  valueAsWritten,
} from '#components/ui/query-line/suggestion.ts';
import { parseFilter } from '#lib/traces/filter-rules.ts';
import type { TraceFacets } from '#lib/traces/schemas.ts';
import { canWrite, type Field, formatTerm, isField, isTextField } from './terms.ts';

/** What is being written at the end of the line. */
export type Stage =
  | { kind: 'key'; text: string }
  | { kind: 'value'; key: string; operator: string; text: string; scope: 'span' | 'resource' | null; name: string };

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
  return fitting([...offered, ...attributes], ({ label }) => rank(label, text));
}

/** Values that fit, and what was written itself where it is none of them. */
export function suggestValues(stage: Extract<Stage, { kind: 'value' }>, values: readonly string[]): Suggestion[] {
  const { key, operator, text } = stage;
  const write = (value: string) => {
    if (key === 'duration' || key === 'status') return `${key} ${operator} ${value}`;
    if (isTextField(key)) return formatTerm({ field: key, value });
    return formatTerm({ field: 'attribute', filter: `${key}${operator}${value}` });
  };
  const list = fitting(values, (value) => rank(value, text)).map((value) => knownValue(value, write(value)));
  if (isField(key)) return list;
  if (text === '') return [...list, anyValue(key)];
  if (values.includes(text)) return list;
  return [...list, valueAsWritten(text, write(text))];
}
