import type { SourceSpan } from './analysis-schemas.ts';
import { type SpanColumns, spanKinds, spanStatuses, type TraceFlaw } from './schemas.ts';
import { cutRings, orphan, root, treeOf } from './tree-rules.ts';

/** A span of a trace that is put into columns. */
export interface SpanRow extends SourceSpan {
  events: number;
  links: number;
}

/** A trace in columns, with what was found wrong in it. */
export interface TraceColumns {
  /** Nanoseconds since 1970: where offset 0 stands. */
  startNs: bigint;
  /** From the first start to the last end, in nanoseconds. */
  durationNs: number;
  services: string[];
  names: string[];
  spans: SpanColumns;
  errorCount: number;
  /** Levels of the tree, 1 for a single span. */
  depth: number;
  flaws: TraceFlaw[];
}

const mostNamed = 100;
const earliestNs = 946_684_800_000_000_000n; // 2000
const latestNs = 4_102_444_800_000_000_000n; // 2100
const longestNs = 400 * 86_400 * 1e9;

/**
 * Puts the spans of a trace into columns, sorted by start and then by id, whatever a source sent: the same span twice
 * is kept once; different spans under one id are all kept, and children go to the first of them that has their
 * service; a parent that is not there is -2; a ring of parents is cut at its first span; a duration below 0 is 0; a
 * start before 2000 or after 2100 among others that are not is drawn at the start of the trace. Each of these is a flaw
 * with a sentence.
 */
export function columnsOf(rows: readonly SpanRow[]): TraceColumns {
  const { kept, repeated } = withoutRepeats(rows);
  const times = timesOf(kept);
  const order = kept.map((_, index) => index);
  order.sort((a, b) => {
    const byTime = (times.offset[a] as number) - (times.offset[b] as number);
    if (byTime !== 0) return byTime;
    const [one, other] = [(kept[a] as SpanRow).spanId, (kept[b] as SpanRow).spanId];
    return one < other ? -1 : one > other ? 1 : a - b;
  });

  const [services, serviceNumber] = numbering();
  const [names, nameNumber] = numbering();
  const size = order.length;
  const spans: SpanColumns = {
    id: new Array(size),
    parent: new Array(size),
    service: new Array(size),
    name: new Array(size),
    kind: new Array(size),
    status: new Array(size),
    offset: new Array(size),
    duration: new Array(size),
    events: new Array(size),
    links: new Array(size),
  };
  const odd: number[] = [];
  const negative: number[] = [];
  let errorCount = 0;
  let durationNs = 0;
  for (const [number, from] of order.entries()) {
    const row = kept[from] as SpanRow;
    const offset = times.offset[from] as number;
    const duration = times.duration[from] as number;
    spans.id[number] = row.spanId;
    spans.service[number] = serviceNumber(row.service);
    spans.name[number] = nameNumber(row.name);
    spans.kind[number] = Math.max(0, spanKinds.indexOf(row.kind));
    spans.status[number] = Math.max(0, spanStatuses.indexOf(row.status));
    spans.offset[number] = offset;
    spans.duration[number] = duration;
    spans.events[number] = row.events;
    spans.links[number] = row.links;
    if (row.status === 'error') errorCount += 1;
    if (row.durationNs < 0n) negative.push(number);
    if (times.odd[from] === 1) odd.push(number);
    durationNs = Math.max(durationNs, offset + duration);
  }
  const family = parentsOf(
    order.map((from) => kept[from] as SpanRow),
    spans,
  );
  spans.parent = family.parent;

  const flaw = (kind: TraceFlaw['kind'], text: string, numbers: readonly number[]): TraceFlaw => ({
    kind,
    text,
    spans: numbers.slice(0, mostNamed),
  });
  const flaws: TraceFlaw[] = [];
  const roots = numbersOf(spans.parent, root);
  const orphans = numbersOf(spans.parent, orphan);
  if (orphans.length > 0) {
    flaws.push(
      flaw('orphans', `${counted(orphans.length, 'span names', 'spans name')} a parent that is not here.`, orphans),
    );
  }
  if (roots.length === 0 && size > 0) flaws.push(flaw('no_root', 'The first span of the trace is not here.', []));
  const rings = new Set(family.cut);
  const begun = roots.filter((span) => !rings.has(span));
  if (begun.length > 1) flaws.push(flaw('several_roots', `${begun.length} spans have no parent.`, begun));
  if (family.cut.length > 0) {
    const text = `${counted(family.cut.length, 'ring', 'rings')} of spans that are each other's parents: cut at the first to start.`;
    flaws.push(flaw('cycle', text, family.cut));
  }
  if (family.doubled.length > 0 || repeated > 0) {
    const parts = [
      ...(family.doubled.length > 0
        ? [`${counted(family.doubled.length, 'span shares its', 'spans share their')} id with another`]
        : []),
      ...(repeated > 0
        ? [`${counted(repeated, 'span', 'spans')} came more than once and ${repeated === 1 ? 'is' : 'are'} shown once`]
        : []),
    ];
    flaws.push(flaw('duplicate_ids', `${parts.join('; ')}.`, family.doubled));
  }
  if (negative.length > 0) {
    const text = `${counted(negative.length, 'span ends', 'spans end')} before the start: drawn without a length.`;
    flaws.push(flaw('negative_duration', text, negative));
  }
  if (odd.length > 0) {
    const text = `${counted(odd.length, 'span has a time that cannot be', 'spans have times that cannot be')} (${times.example}).`;
    flaws.push(flaw('odd_time', text, odd));
  }
  return { startNs: times.startNs, durationNs, services, names, spans, errorCount, depth: levelsOf(spans), flaws };
}

/** `1 span names`, `12 spans name`. */
function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

function numbersOf(values: readonly number[], wanted: number): number[] {
  const found: number[] = [];
  for (const [number, value] of values.entries()) if (value === wanted) found.push(number);
  return found;
}

function numbering(): [string[], (text: string) => number] {
  const texts: string[] = [];
  const numbers = new Map<string, number>();
  return [
    texts,
    (text) => {
      const known = numbers.get(text);
      if (known !== undefined) return known;
      numbers.set(text, texts.length);
      return texts.push(text) - 1;
    },
  ];
}

/** A span that was sent twice is the same in everything; one with the same id that differs is another span. */
function withoutRepeats(rows: readonly SpanRow[]): { kept: SpanRow[]; repeated: number } {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const { spanId } of rows) (seen.has(spanId) ? twice : seen).add(spanId);
  if (twice.size === 0) return { kept: [...rows], repeated: 0 };
  const known = new Set<string>();
  const kept = rows.filter((row) => {
    if (!twice.has(row.spanId)) return true;
    const { spanId, parentSpanId, service, name, kind, status } = row;
    const all = [spanId, parentSpanId, service, name, kind, status, String(row.startNs), String(row.durationNs)];
    const whole = JSON.stringify(all);
    if (known.has(whole)) return false;
    known.add(whole);
    return true;
  });
  return { kept, repeated: rows.length - kept.length };
}

interface Times {
  startNs: bigint;
  offset: Float64Array;
  duration: Float64Array;
  odd: Uint8Array;
  example: string;
}

function timesOf(rows: readonly SpanRow[]): Times {
  const offset = new Float64Array(rows.length);
  const duration = new Float64Array(rows.length);
  const odd = new Uint8Array(rows.length);
  const isPlausible = ({ startNs }: SpanRow) => startNs >= earliestNs && startNs < latestNs;
  const anyPlausible = rows.some(isPlausible);
  let startNs: bigint | null = null;
  for (const row of rows) {
    if (anyPlausible && !isPlausible(row)) continue;
    if (startNs === null || row.startNs < startNs) startNs = row.startNs;
  }
  const origin = startNs ?? 0n;
  let example = '';
  for (const [index, row] of rows.entries()) {
    const plausible = isPlausible(row);
    const length = Number(row.durationNs);
    const isLong = length > longestNs;
    if (!plausible || isLong) {
      odd[index] = 1;
      example ||= plausible ? 'one lasts for more than a year' : `one starts in ${yearOf(row.startNs)}`;
    }
    offset[index] = plausible || !anyPlausible ? Number(row.startNs - origin) : 0;
    duration[index] = isLong ? 0 : Math.max(0, length);
  }
  return { startNs: origin, offset, duration, odd, example };
}

function yearOf(ns: bigint): string {
  const date = new Date(Number(ns / 1_000_000n));
  return Number.isFinite(date.getTime()) ? String(date.getUTCFullYear()) : 'no year that there is';
}

interface Family {
  parent: number[];
  /** Spans whose parent was taken away to cut a ring. */
  cut: number[];
  /** Spans that are not the only ones with their id. */
  doubled: number[];
}

function parentsOf(rows: readonly SpanRow[], { id, service }: SpanColumns): Family {
  /** The first and the second span of an id, and of an id within a service. */
  const firstTwo = new Map<string, [number, number]>();
  const doubled = new Set<number>();
  const note = (key: string, number: number) => {
    const known = firstTwo.get(key);
    if (known === undefined) firstTwo.set(key, [number, number]);
    else if (known[0] === known[1]) known[1] = number;
    return known?.[0];
  };
  for (const [number, spanId] of id.entries()) {
    const before = note(spanId, number);
    if (before !== undefined) doubled.add(before).add(number);
  }
  for (const number of doubled) note(`${id[number]} ${service[number]}`, number);
  const other = (pair: [number, number] | undefined, number: number) => {
    if (!pair) return undefined;
    if (pair[0] !== number) return pair[0];
    return pair[1] === number ? undefined : pair[1];
  };
  const parent = rows.map((row, number) => {
    if (row.parentSpanId === null) return root;
    const pair = firstTwo.get(row.parentSpanId);
    if (pair === undefined) return orphan;
    if (pair[0] === pair[1]) return pair[0];
    const near = other(firstTwo.get(`${row.parentSpanId} ${service[number]}`), number);
    return near ?? other(pair, number) ?? orphan;
  });
  return { parent, cut: cutRings(parent), doubled: [...doubled].sort((a, b) => a - b) };
}

function levelsOf(spans: SpanColumns): number {
  let deepest = -1;
  for (const depth of treeOf(spans).depth) deepest = Math.max(deepest, depth);
  return deepest + 1;
}
