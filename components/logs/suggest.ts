import type { LogFacets } from '#lib/logs/schemas.ts';
import { anyValue, fitting, knownValue, type Suggestion, valueAsWritten } from '../ui/query-line/suggestion.ts';
import { canWrite, formatTerm, type Term } from './terms.ts';

/** What is being written at the end of the line. */
export type Stage = { kind: 'key'; text: string } | { kind: 'value'; key: string; operator: string; text: string };

/** Whether a key or a value is being written. */
export function stageOf(draft: string): Stage {
  const [, key, operator, text] = /^\s*([^\s=!<>"]+)\s*(!=|>=|=)\s*"?(.*)$/su.exec(draft) ?? [];
  if (key === undefined) return { kind: 'key', text: draft.trim() };
  return { kind: 'value', key, operator: operator ?? '=', text: (text ?? '').replace(/"$/, '') };
}

/** 0 for what begins with the text, 1 for what contains it; null for what does not. */
function rank(name: string, text: string): number | null {
  const at = name.toLowerCase().indexOf(text.toLowerCase());
  return at === -1 ? null : Math.min(at, 1);
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
  const keys = fitting(names, ({ key }) => rank(key, text)).map(
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
  const list = fitting(values, (value) => rank(value, text)).map((value) => knownValue(value, write(value)));
  if (key === 'level' || values.includes(text)) return list;
  if (text !== '') return [...list, valueAsWritten(text, write(text))];
  if (key === 'service' || key === 'trace' || key === 'span') return list;
  return [...list, anyValue(key)];
}

function termFor(key: string, operator: string, value: string): Term {
  if (key === 'service' || key === 'trace' || key === 'span') return { field: key, value };
  if (key === 'level') return { field: 'level', value: value as never };
  return { field: 'attribute', filter: `${key}${operator === '!=' ? '!=' : '='}${value}` };
}
