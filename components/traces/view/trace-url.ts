import { parseSpanId, parseTraceId } from '#lib/traces/trace-id-rules.ts';

/** The ways of looking at one trace, in the order of the tabs. `compare` opens with `with`. */
export const traceViews = ['waterfall', 'flame', 'statistics', 'services', 'logs', 'compare'] as const;
export type TraceView = (typeof traceViews)[number];

/** Which rows are open before single ones are opened or closed by hand. */
export type OpenRows = { kind: 'all' } | { kind: 'errors' } | { kind: 'level'; level: number };

/** A part of the trace's time, in nanoseconds since its start. */
export interface Zoom {
  fromNs: number;
  toNs: number;
}

/** Spans that are marked because somebody asked where they are. */
export type Mark =
  | { kind: 'flaw'; flaw: string }
  | { kind: 'service'; service: string }
  | { kind: 'operation'; service: string; name: string };

export interface TraceViewState {
  view: TraceView;
  /** Id of the selected span. */
  span: string | null;
  find: string;
  rows: OpenRows;
  /** Rows that were opened or closed by hand, the latest last: span ids, with `x` before those of folded siblings. */
  flipped: readonly string[];
  /** null: the whole trace. */
  zoom: Zoom | null;
  /** Looked at while nothing is searched for. */
  mark: Mark | null;
  /** Times as they were measured, though clocks disagree. */
  rawClocks: boolean;
  /** The trace that this one is held against. */
  with: string | null;
  /** Rows of the statistics, and their order: a column, with `-` before it for the largest first; null as they come. */
  by: 'operation' | 'service';
  sort: string | null;
}

export const usualState: TraceViewState = {
  view: 'waterfall',
  span: null,
  find: '',
  rows: { kind: 'all' },
  flipped: [],
  zoom: null,
  mark: null,
  rawClocks: false,
  with: null,
  by: 'operation',
  sort: null,
};

/** So many rows opened or closed by hand fit into an address; the oldest are forgotten. */
export const mostFlipped = 40;
export const longestFind = 200;
const deepestLevel = 999;
const params = ['view', 'span', 'find', 'rows', 'flip', 'zoom', 'mark', 'clocks', 'with', 'by', 'sort'] as const;

const rowId = /^x?[0-9a-f]{16}$/;

function parseRows(text: string | null): OpenRows {
  if (text === 'errors') return { kind: 'errors' };
  const level = Number(/^level-(\d{1,3})$/.exec(text ?? '')?.[1]);
  return level >= 1 && level <= deepestLevel ? { kind: 'level', level } : { kind: 'all' };
}

function parseZoom(text: string | null): Zoom | null {
  const found = /^(\d{1,15})-(\d{1,15})$/.exec(text ?? '');
  if (!found) return null;
  const [fromNs, toNs] = [Number(found[1]), Number(found[2])];
  return fromNs < toNs ? { fromNs, toNs } : null;
}

const longestMark = 600;

function parseMark(text: string | null): Mark | null {
  if (text === null || text.length > longestMark) return null;
  const [kind, ...parts] = text.split('~').map((part) => part.replaceAll('%7E', '~').replaceAll('%25', '%'));
  const [first, second] = parts;
  if (!first) return null;
  if (kind === 'flaw' && parts.length === 1) return { kind, flaw: first };
  if (kind === 'service' && parts.length === 1) return { kind, service: first };
  if (kind === 'operation' && parts.length === 2) return { kind, service: first, name: second ?? '' };
  return null;
}

/** The parts of a mark with `~` between them; one within a part is written as in an address. */
function writeMark(mark: Mark): string {
  const parts =
    mark.kind === 'flaw' ? [mark.flaw] : mark.kind === 'service' ? [mark.service] : [mark.service, mark.name];
  return [mark.kind, ...parts.map((part) => part.replaceAll('%', '%25').replaceAll('~', '%7E'))].join('~');
}

/** What an address asks to see of a trace; parts that cannot be read are left out. */
export function parseTraceView(search: URLSearchParams): TraceViewState {
  const view = search.get('view');
  const other = parseTraceId(search.get('with') ?? '', 1);
  const flipped = (search.get('flip') ?? '').split(',').filter((id) => rowId.test(id));
  return {
    view: traceViews.find((one) => one === view) ?? (other ? 'compare' : 'waterfall'),
    span: parseSpanId(search.get('span') ?? ''),
    find: (search.get('find') ?? '').slice(0, longestFind),
    rows: parseRows(search.get('rows')),
    flipped: [...new Set(flipped)].slice(-mostFlipped),
    zoom: parseZoom(search.get('zoom')),
    rawClocks: search.get('clocks') === 'raw',
    mark: parseMark(search.get('mark')),
    with: other,
    by: search.get('by') === 'service' ? 'service' : 'operation',
    sort: /^-?[a-z0-9]{1,20}$/.test(search.get('sort') ?? '') ? search.get('sort') : null,
  };
}

/** `search` with the state written into it; parameters that are not ours stay, what is usual is left out. */
export function writeTraceView(search: URLSearchParams, state: TraceViewState): URLSearchParams {
  const next = new URLSearchParams(search);
  for (const name of params) next.delete(name);
  const usualView = state.with === null ? 'waterfall' : 'compare';
  if (state.view !== usualView) next.set('view', state.view);
  if (state.span !== null) next.set('span', state.span);
  if (state.find.trim() !== '') next.set('find', state.find.slice(0, longestFind));
  if (state.rows.kind === 'errors') next.set('rows', 'errors');
  if (state.rows.kind === 'level') next.set('rows', `level-${state.rows.level}`);
  if (state.flipped.length > 0) next.set('flip', state.flipped.slice(-mostFlipped).join(','));
  if (state.zoom) next.set('zoom', `${Math.floor(state.zoom.fromNs)}-${Math.ceil(state.zoom.toNs)}`);
  if (state.mark) next.set('mark', writeMark(state.mark));
  if (state.rawClocks) next.set('clocks', 'raw');
  if (state.with !== null) next.set('with', state.with);
  if (state.by === 'service') next.set('by', 'service');
  if (state.sort !== null) next.set('sort', state.sort);
  return next;
}

/** Only our part of an address, to see whether it was changed from outside. */
export function traceViewKey(search: URLSearchParams): string {
  return writeTraceView(new URLSearchParams(), parseTraceView(search)).toString();
}
