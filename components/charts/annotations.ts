import type { Values } from './paths.ts';
import type { Scale } from './scale.ts';

/** What is drawn into a chart beside series and markers. */
export interface Annotations {
  /** Dotted upright lines with their words at the top. */
  rules?: readonly Rule[];
  /** Times that are hatched over the whole height. */
  spans?: readonly { key: string; fromMs: number; toMs: number }[];
  /** Filled lightly between two lines, each with one value for each of the chart's times. */
  band?: { upper: Values; lower: Values };
}

export interface Rule {
  atMs: number;
  label: string;
  dashed?: boolean;
}

export interface PlacedRule extends Rule {
  x: number;
  /** Line of words, from the top. */
  row: number;
  anchor: 'start' | 'end';
}

const charWidth = 6.2;
const gap = 5;

/** Where the words of upright lines stand so that they do not run into each other: beside the line, in lines of text. */
export function placeRules(rules: readonly Rule[], x: Scale, right: number): PlacedRule[] {
  const taken: { row: number; from: number; to: number }[] = [];
  return rules
    .filter(({ atMs }) => atMs >= x.domain[0] && atMs <= x.domain[1])
    .sort((a, b) => a.atMs - b.atMs)
    .map((rule) => {
      const at = x(rule.atMs);
      const width = rule.label.length * charWidth + gap;
      const anchor = at + width > right ? 'end' : 'start';
      const from = anchor === 'start' ? at : at - width;
      let row = 0;
      while (taken.some((one) => one.row === row && one.from < from + width && one.to > from)) row++;
      taken.push({ row, from, to: from + width });
      return { ...rule, x: at, row, anchor };
    });
}

/** The area between two lines, one closed path for each stretch in which both have values. */
export function bandPath(xs: readonly number[], upper: Values, lower: Values, y: (value: number) => number): string {
  const round = (value: number) => Math.round(value * 10) / 10;
  const has = (i: number) => typeof upper[i] === 'number' && typeof lower[i] === 'number';
  let path = '';
  for (let start = 0; start < xs.length; start++) {
    if (!has(start)) continue;
    let end = start;
    while (end + 1 < xs.length && has(end + 1)) end++;
    for (let i = start; i <= end; i++) {
      path += `${i === start ? 'M' : 'L'}${round(xs[i] as number)},${round(y(upper[i] as number))}`;
    }
    for (let i = end; i >= start; i--) path += `L${round(xs[i] as number)},${round(y(lower[i] as number))}`;
    path += 'Z';
    start = end;
  }
  return path;
}
