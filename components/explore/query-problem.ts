import { ApiError } from '#lib/core/fetch-json.ts';

export interface QueryProblem {
  /** A sentence for the person. */
  message: string;
  /** Where in the expression, from 1; null when the engine does not say. */
  position: { line: number; column: number } | null;
  /** The expression is at fault, not the source. */
  isQuery: boolean;
}

const place = /\bat (?:line (\d+), )?column (\d+)/;

/** What went wrong with one query, and where in it. */
export function queryProblem(error: unknown): QueryProblem {
  if (!(error instanceof ApiError))
    return { message: 'The query failed. Run it again.', position: null, isQuery: false };
  const found = place.exec(error.message);
  return {
    message: error.message,
    position: found ? { line: Number(found[1] ?? 1), column: Number(found[2]) } : null,
    isQuery: error.status >= 400 && error.status < 500,
  };
}

/** The place of a problem as an offset into the text, within it. */
export function offsetOf(text: string, { line, column }: { line: number; column: number }): number {
  const before = text.split('\n').slice(0, line - 1);
  const start = before.reduce((sum, one) => sum + one.length + 1, 0);
  return Math.max(0, Math.min(text.length, start + column - 1));
}
