import type { LogFacets } from '#lib/logs/schemas.ts';
import { canWrite, formatTerm, type Term } from './terms.ts';

/** What is being written at the end of the line. */
export type Stage = { kind: 'key'; text: string } | { kind: 'value'; key: string; operator: string; text: string };

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

/** Whether a key or a value is being written. */
export function stageOf(draft: string): Stage {
  const [, key, operator, text] = /^\s*([^\s=!<>"]+)\s*(!=|>=|=)\s*"?(.*)$/su.exec(draft) ?? [];
  if (key === undefined) return { kind: 'key', text: draft.trim() };
  return { kind: 'value', key, operator: operator ?? '=', text: (text ?? '').replace(/"$/, '') };
}

/** Those that begin with the text before those that contain it. */
export function fitting<T>(items: readonly T[], text: string, nameOf: (item: T) => string): T[] {
  const lower = text.toLowerCase();
  const place = (item: T) => nameOf(item).toLowerCase().indexOf(lower);
  return items
    .filter((item) => place(item) !== -1)
    .sort((a, b) => Number(place(a) > 0) - Number(place(b) > 0))
    .slice(0, most);
}

const offered = [
  { key: 'service', hint: 'who wrote it', text: 'service = ' },
  { key: 'level', hint: 'this one or worse', text: 'level >= ' },
  { key: 'trace', hint: '32 hexadecimal digits', text: 'trace = ' },
];

/** Names that fit; first what was written as text to be found in the lines. */
export function suggestKeys(text: string, facets: LogFacets | undefined): Suggestion[] {
  const names = [
    ...offered,
    ...(facets?.attributes ?? [])
      .filter(({ key }) => canWrite(key))
      .map(({ key, indexed }) => ({ key, hint: indexed ? 'indexed' : undefined, text: `${key} = ` })),
  ];
  const keys = fitting(names, text, ({ key }) => key).map(
    ({ key, hint, text: written }): Suggestion => ({
      id: `key ${key}`,
      label: key,
      hint,
      text: written,
      isDone: false,
    }),
  );
  if (text === '' || text.startsWith('"')) return keys;
  const word: Suggestion = { id: 'word', label: `“${text}”`, hint: 'in the line', text, isDone: true };
  return [word, ...keys];
}

/** Values that fit, and what was written itself where it is none of them. */
export function suggestValues(stage: Extract<Stage, { kind: 'value' }>, values: readonly string[]): Suggestion[] {
  const { key, operator, text } = stage;
  const write = (value: string) => formatTerm(termFor(key, operator, value));
  const list = fitting(values, text, (value) => value).map(
    (value): Suggestion => ({ id: `value ${value}`, label: value || '(empty)', text: write(value), isDone: true }),
  );
  if (key === 'level' || values.includes(text)) return list;
  if (text !== '') return [...list, { id: 'own', label: text, hint: 'as written', text: write(text), isDone: true }];
  if (key === 'service' || key === 'trace' || key === 'span') return list;
  return [...list, { id: 'exists', label: 'any value', hint: `${key} exists`, text: `${key} exists`, isDone: true }];
}

function termFor(key: string, operator: string, value: string): Term {
  if (key === 'service' || key === 'trace' || key === 'span') return { field: key, value };
  if (key === 'level') return { field: 'level', value: value as never };
  return { field: 'attribute', filter: `${key}${operator === '!=' ? '!=' : '='}${value}` };
}
