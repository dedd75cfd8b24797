export interface DiffLine {
  kind: 'same' | 'added' | 'removed';
  text: string;
  /** Line number in the newer text, or in the older one for what was removed; from 1. */
  line: number;
}
export type DiffPart = DiffLine | { kind: 'skipped'; count: number };

/** Texts of more changed lines than this are shown as all removed and all added: nobody reads the way between them. */
const mostLines = 2_000;

/**
 * The lines of two texts with what was removed and added between them: a longest common subsequence by Myers' O(ND)
 * algorithm ("An O(ND) Difference Algorithm and Its Variations", 1986).
 */
export function diffLines(before: string, after: string): DiffLine[] {
  const a = before.split('\n');
  const b = after.split('\n');
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const same = (index: number): DiffLine => ({ kind: 'same', text: b[index] as string, line: index + 1 });
  const middle = diffMiddle(a.slice(head, a.length - tail), b.slice(head, b.length - tail), head);
  return [
    ...Array.from({ length: head }, (_, i) => same(i)),
    ...middle,
    ...Array.from({ length: tail }, (_, i) => same(b.length - tail + i)),
  ];
}

function diffMiddle(a: readonly string[], b: readonly string[], offset: number): DiffLine[] {
  const removed = (i: number): DiffLine => ({ kind: 'removed', text: a[i] as string, line: offset + i + 1 });
  const added = (i: number): DiffLine => ({ kind: 'added', text: b[i] as string, line: offset + i + 1 });
  if (a.length === 0 || b.length === 0 || a.length + b.length > mostLines) {
    return [...a.map((_, i) => removed(i)), ...b.map((_, i) => added(i))];
  }
  const lines: DiffLine[] = [];
  let [x, y] = [a.length, b.length];
  const trace = furthestReaching(a, b);
  for (let d = trace.length - 1; d > 0; d--) {
    const reached = trace[d - 1] as Map<number, number>;
    const k = x - y;
    const down = k === -d || (k !== d && (reached.get(k - 1) ?? -1) < (reached.get(k + 1) ?? -1));
    const fromK = down ? k + 1 : k - 1;
    const fromX = reached.get(fromK) ?? 0;
    const fromY = fromX - fromK;
    while (x > fromX && y > fromY && x > 0 && y > 0 && a[x - 1] === b[y - 1]) {
      x--;
      y--;
      lines.push({ kind: 'same', text: b[y] as string, line: offset + y + 1 });
    }
    if (down) lines.push(added(--y));
    else lines.push(removed(--x));
  }
  while (x > 0) {
    x--;
    y--;
    lines.push({ kind: 'same', text: b[y] as string, line: offset + y + 1 });
  }
  return lines.reverse();
}

/** For each number of edits, how far each diagonal reaches; the last one reaches the end. */
function furthestReaching(a: readonly string[], b: readonly string[]): Map<number, number>[] {
  const trace: Map<number, number>[] = [];
  let reached = new Map<number, number>();
  for (let d = 0; ; d++) {
    const next = new Map<number, number>();
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && (reached.get(k - 1) ?? -1) < (reached.get(k + 1) ?? -1));
      let x = d === 0 ? 0 : down ? (reached.get(k + 1) ?? 0) : (reached.get(k - 1) ?? 0) + 1;
      let y = x - k;
      while (x < a.length && y < b.length && a[x] === b[y]) {
        x++;
        y++;
      }
      next.set(k, x);
      if (x >= a.length && y >= b.length) {
        trace.push(next);
        return trace;
      }
    }
    trace.push(next);
    reached = next;
  }
}

/** A difference with long stretches of equal lines left out, `context` lines kept beside each change. */
export function foldDiff(lines: readonly DiffLine[], context = 3): DiffPart[] {
  const near = new Set<number>();
  lines.forEach(({ kind }, i) => {
    if (kind === 'same') return;
    for (let k = i - context; k <= i + context; k++) near.add(k);
  });
  const parts: DiffPart[] = [];
  let skipped = 0;
  const flush = () => {
    if (skipped > 0) parts.push({ kind: 'skipped', count: skipped });
    skipped = 0;
  };
  lines.forEach((line, i) => {
    if (!near.has(i)) {
      skipped++;
      return;
    }
    flush();
    parts.push(line);
  });
  flush();
  return parts;
}
