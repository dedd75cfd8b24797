import { type ComparedNode, type SpanColumns, spanStatuses } from './schemas.ts';
import type { Tree } from './tree-rules.ts';

/** One of two traces. */
export interface ComparedTrace {
  durationNs: number;
  services: readonly string[];
  names: readonly string[];
  spans: SpanColumns;
  tree: Tree;
  /** Self time of each span, in nanoseconds. */
  self: ArrayLike<number>;
}

type Side = NonNullable<ComparedNode['a']>;

interface Node {
  parent: number;
  service: string;
  name: string;
  a: Side | null;
  b: Side | null;
  children: Map<string, number>;
}

const error = spanStatuses.indexOf('error');
/** A place is slower or faster where its total is half as long again or two thirds… */
const leastFactor = 1.5;
/** …and differs by 1 ms and by 1 % of the longer trace at least. */
const leastNs = 1_000_000;
const leastShare = 0.01;

/**
 * Merges two traces by path: spans of one service and name under the same path are one place, however often they
 * occur. A place that only `b` has is new, one that only `a` has is gone. It is slower where its spans together took at
 * least 1.5 times as long, faster where `a` took that much longer, and in both cases at least 1 ms and 1 % of the longer
 * trace. Linear, without recursion.
 */
export function compareTraces(a: ComparedTrace, b: ComparedTrace): { summary: string[]; nodes: ComparedNode[] } {
  const nodes: Node[] = [];
  const roots = new Map<string, number>();
  for (const [side, trace] of [
    ['a', a],
    ['b', b],
  ] as const) {
    merge(side, trace, nodes, roots);
  }
  const least = Math.max(leastNs, leastShare * Math.max(a.durationNs, b.durationNs));
  const order = walk(nodes, roots);
  const place = new Int32Array(nodes.length);
  for (const [index, number] of order.entries()) place[number] = index;
  const compared = order.map((number): ComparedNode => {
    const { parent, service, name, a: before, b: after } = nodes[number] as Node;
    const change = changeOf(before, after, least);
    return { parent: parent < 0 ? -1 : (place[parent] as number), service, name, change, a: before, b: after };
  });
  return { summary: summaryOf(a, b, compared, least), nodes: compared };
}

function merge(side: 'a' | 'b', trace: ComparedTrace, nodes: Node[], roots: Map<string, number>): void {
  const { spans, tree, services, names, self } = trace;
  const nodeOf = new Int32Array(tree.size);
  for (const span of tree.order) {
    const above = tree.parent[span] as number;
    const parent = above < 0 ? -1 : (nodeOf[above] as number);
    const siblings = parent < 0 ? roots : (nodes[parent] as Node).children;
    const service = services[spans.service[span] as number] ?? '';
    const name = names[spans.name[span] as number] ?? '';
    const key = `${service}\n${name}`;
    let number = siblings.get(key);
    if (number === undefined) {
      number = nodes.push({ parent, service, name, a: null, b: null, children: new Map() }) - 1;
      siblings.set(key, number);
    }
    nodeOf[span] = number;
    const node = nodes[number] as Node;
    const sum = node[side] ?? { count: 0, errors: 0, totalNs: 0, selfNs: 0 };
    node[side] = sum;
    sum.count += 1;
    sum.totalNs += spans.duration[span] as number;
    sum.selfNs += self[span] as number;
    if (spans.status[span] === error) sum.errors += 1;
  }
}

/** Parents before children, in the order in which they first occur. */
function walk(nodes: readonly Node[], roots: ReadonlyMap<string, number>): number[] {
  const order: number[] = [];
  const stack = [...roots.values()].reverse();
  for (let number = stack.pop(); number !== undefined; number = stack.pop()) {
    order.push(number);
    const below = [...(nodes[number] as Node).children.values()];
    for (let index = below.length - 1; index >= 0; index -= 1) stack.push(below[index] as number);
  }
  return order;
}

function changeOf(a: Side | null, b: Side | null, least: number): ComparedNode['change'] {
  if (!a) return 'new';
  if (!b) return 'gone';
  const by = b.totalNs - a.totalNs;
  if (by >= least && b.totalNs >= leastFactor * a.totalNs) return 'slower';
  return -by >= least && a.totalNs >= leastFactor * b.totalNs ? 'faster' : 'same';
}

const mostSentences = 8;

/** What tells most: the whole, then errors, then places by how much of the time itself they account for. */
function summaryOf(a: ComparedTrace, b: ComparedTrace, nodes: readonly ComparedNode[], least: number): string[] {
  const whole = b.durationNs - a.durationNs;
  const first =
    Math.abs(whole) < least
      ? `Both take about as long: ${lengthOf(a.durationNs)} and ${lengthOf(b.durationNs)}.`
      : `B takes ${lengthOf(b.durationNs)}, ${lengthOf(Math.abs(whole))} ${whole > 0 ? 'longer' : 'less'} than A (${lengthOf(a.durationNs)}).`;
  const known = new Map<string, number>();
  for (const node of nodes) known.set(nameOf(node), (known.get(nameOf(node)) ?? 0) + 1);
  const said = nodes.flatMap((node) => {
    const above = nodes[node.parent];
    const isTwice = (known.get(nameOf(node)) ?? 0) > 1;
    return sentencesOf(
      node,
      isTwice && above ? `${nameOf(node)} (under ${above.name})` : nameOf(node),
      above?.change,
      least,
    );
  });
  said.sort((one, other) => Number(other.isError) - Number(one.isError) || other.weight - one.weight);
  return [first, ...said.slice(0, mostSentences).map(({ text }) => text)];
}

interface Sentence {
  text: string;
  weight: number;
  isError: boolean;
}

const nameOf = ({ service, name }: ComparedNode) => `${service} ${name}`;

function sentencesOf(
  { change, a, b }: ComparedNode,
  what: string,
  above: ComparedNode['change'] | undefined,
  least: number,
): Sentence[] {
  const times = (count: number) => (count === 1 ? 'once' : `${count.toLocaleString('en')} times`);
  const found: Sentence[] = [];
  const failed = (b?.errors ?? 0) - (a?.errors ?? 0);
  if (failed !== 0 && a && b) {
    const text = `${what} failed ${times(b.errors)} in B and ${a.errors === 0 ? 'never' : times(a.errors)} in A.`;
    found.push({
      text: b.errors === 0 ? `${what} failed ${times(a.errors)} in A and never in B.` : text,
      weight: Math.abs(failed),
      isError: true,
    });
  }
  const isBelowSame = above === change && (change === 'new' || change === 'gone');
  if (change === 'new' && b && !isBelowSame) {
    const fails = b.errors > 0 ? `, ${b.errors === b.count ? 'failing' : `failing ${times(b.errors)}`}` : '';
    found.push({
      text: `Only B has ${what}, ${times(b.count)}, for ${lengthOf(b.totalNs)}${fails}.`,
      weight: b.totalNs,
      isError: b.errors > 0,
    });
  }
  if (change === 'gone' && a && !isBelowSame) {
    found.push({
      text: `Only A has ${what}, ${times(a.count)}, for ${lengthOf(a.totalNs)}.`,
      weight: a.totalNs,
      isError: a.errors > 0,
    });
  }
  if (a && b) {
    const by = b.selfNs - a.selfNs;
    const often = a.count === b.count ? '' : ` (${times(a.count)} in A, ${times(b.count)} in B)`;
    if (Math.abs(by) >= least) {
      const text = `${what} itself takes ${lengthOf(Math.abs(by))} ${by > 0 ? 'longer' : 'less'} in B${often}.`;
      found.push({ text, weight: Math.abs(by), isError: false });
    } else if (often !== '' && change !== 'same') {
      found.push({
        text: `${what} runs ${times(b.count)} in B, ${times(a.count)} in A.`,
        weight: Math.abs(b.totalNs - a.totalNs),
        isError: false,
      });
    }
  }
  return found;
}

/** `812 ms`: a length of time with three digits. */
export function lengthOf(ns: number): string {
  const [unit, size] = ns >= 1e9 ? ['s', 1e9] : ns >= 1e6 ? ['ms', 1e6] : ns >= 1e3 ? ['µs', 1e3] : ['ns', 1];
  return `${Number((ns / (size as number)).toPrecision(3))} ${unit}`;
}
