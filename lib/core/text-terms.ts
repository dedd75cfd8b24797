/**
 * The parts that a body must contain, each of them: words, and what stands in double quotes as one. Within quotes
 * `\"` is a quote and `\\` a backslash; a quote that is not closed reaches to the end.
 */
export function textTerms(text: string): string[] {
  const terms: string[] = [];
  for (const [, quoted, word] of text.matchAll(/"((?:[^"\\]|\\.)*)(?:"|\\?$)|([^\s"]+)/gsu)) {
    const term = quoted === undefined ? word : quoted.replace(/\\(["\\])/g, '$1');
    if (term?.trim()) terms.push(term);
  }
  return [...new Set(terms)];
}

/** Writes one part so that `textTerms` reads it back. */
export function writeTextTerm(term: string): string {
  return /^[^\s"]+$/u.test(term) ? term : `"${term.replace(/["\\]/g, '\\$&')}"`;
}
