/**
 * What Enter means while options are shown. `written`: what was written, unless an option was chosen; the arrows also
 * stop at none of them, and Tab takes the one that was chosen. `offered`: an option, also one not chosen by hand.
 */
export type EnterMeans = 'written' | 'offered';

/** The option that an arrow key goes to from another, of so many; −1 for none of them. Round at both ends. */
export function nextOption(at: number, step: 1 | -1, count: number, enterMeans: EnterMeans): number {
  if (count === 0) return -1;
  // One place more than there are options: none of them, what was written.
  if (enterMeans === 'written') return ((at + 1 + step + count + 1) % (count + 1)) - 1;
  if (at === -1) return step === 1 ? 0 : count - 1;
  return (at + step + count) % count;
}
