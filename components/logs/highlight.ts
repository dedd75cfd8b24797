/** A piece of a text, and whether it was searched for. */
export interface Piece {
  text: string;
  isHit: boolean;
}

const longest = 20_000;

/** Cuts a text into what was searched for and what was not, whatever the case; a very long end is left as it is. */
export function highlight(text: string, words: readonly string[]): Piece[] {
  const wanted = words.filter((word) => word !== '').sort((a, b) => b.length - a.length);
  if (wanted.length === 0 || text === '') return text === '' ? [] : [{ text, isHit: false }];
  const pattern = new RegExp(wanted.map((word) => word.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&')).join('|'), 'giu');
  const pieces: Piece[] = [];
  let at = 0;
  for (const found of text.slice(0, longest).matchAll(pattern)) {
    if (found.index > at) pieces.push({ text: text.slice(at, found.index), isHit: false });
    pieces.push({ text: found[0], isHit: true });
    at = found.index + found[0].length;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), isHit: false });
  return pieces;
}
