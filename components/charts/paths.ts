export type Values = readonly (number | null)[];

const round = (value: number) => Math.round(value * 10) / 10;

/** An SVG path through the points; a missing value is a gap. A single point between gaps is a short dash, so that it is seen. */
export function linePath(xs: readonly number[], values: Values, y: (value: number) => number): string {
  let path = '';
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === null || value === undefined) continue;
    const joined = i > 0 && values[i - 1] !== null && values[i - 1] !== undefined;
    const px = round(xs[i] as number);
    const py = round(y(value));
    path += `${joined ? 'L' : 'M'}${px},${py}`;
    const alone = !joined && (values[i + 1] === null || values[i + 1] === undefined);
    if (alone) path += 'h1';
  }
  return path;
}

/** Closed paths under the line, one for each stretch without gaps. */
export function areaPath(xs: readonly number[], values: Values, y: (value: number) => number, base: number): string {
  let path = '';
  let start = -1;
  for (let i = 0; i <= values.length; i++) {
    const value = values[i];
    const present = value !== null && value !== undefined;
    if (present) {
      path += `${start === -1 ? 'M' : 'L'}${round(xs[i] as number)},${round(y(value))}`;
      if (start === -1) start = i;
    } else if (start !== -1) {
      path += `L${round(xs[i - 1] as number)},${round(base)}L${round(xs[start] as number)},${round(base)}Z`;
      start = -1;
    }
  }
  return path;
}

/** Series on top of each other: each value plus those below it. A missing value stays missing and counts as nothing below others. */
export function stack(rows: readonly Values[]): (number | null)[][] {
  const sums: number[] = [];
  return rows.map((row) =>
    row.map((value, i) => {
      if (value === null) return null;
      sums[i] = (sums[i] ?? 0) + value;
      return sums[i] as number;
    }),
  );
}

/** Moves labels down so that they are at least `gap` apart, in the order of their wanted places. */
export function spreadLabels(wanted: readonly number[], gap: number): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => (wanted[a] as number) - (wanted[b] as number));
  const placed = [...wanted];
  for (let k = 1; k < order.length; k++) {
    const above = placed[order[k - 1] as number] as number;
    const i = order[k] as number;
    if ((placed[i] as number) - above < gap) placed[i] = above + gap;
  }
  return placed;
}
