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

const mostOffered = 60;

/** Those that fit, the lowest rank first and as they came within one; null for what does not fit. */
export function fitting<T>(items: readonly T[], rank: (item: T) => number | null): T[] {
  return items
    .flatMap((item) => {
      const place = rank(item);
      return place === null ? [] : [{ item, place }];
    })
    .sort((a, b) => a.place - b.place)
    .slice(0, mostOffered)
    .map(({ item }) => item);
}

/** A value that is known, written as a whole condition. */
export const knownValue = (value: string, text: string): Suggestion => ({
  id: `value ${value}`,
  label: value === '' ? '(empty)' : value,
  text,
  isDone: true,
});

/** The value that is being written, where it is none of those known. */
export const valueAsWritten = (value: string, text: string): Suggestion => ({
  id: 'own',
  label: value,
  hint: 'as written',
  text,
  isDone: true,
});

/** The name, whatever its value. */
export const anyValue = (key: string): Suggestion => ({
  id: 'exists',
  label: 'any value',
  hint: `${key} exists`,
  text: `${key} exists`,
  isDone: true,
});
