import type { TraceAttributes, TraceSource } from '#lib/adapters/traces/port.ts';
import type { Context } from '#lib/core/context.ts';
import { whatDiffers } from './analysis-rules.ts';
import { type Cohorts, findCohorts } from './cohorts.ts';
import type { AnalysisQuery } from './params.ts';
import type { Analysis } from './schemas.ts';
import { byScatter, type Searched, searchOf } from './search.ts';
import { answerOf, answersOf, askAll, notesOf } from './sources.ts';

/** What differs between a cohort of a search and the rest of it. */
export async function analyzeTraces(ctx: Context, query: AnalysisQuery): Promise<Analysis> {
  const whole = searchOf(query);
  const asked = { signal: ctx.signal, ...(query.source !== undefined && { source: query.source }) };
  const { selection, baseline } = await findCohorts(query, whole, ctx.clock.now().getTime(), asked);
  const [chosen, rest] = await Promise.all([
    readAttributes(selection.found, ctx.signal),
    readAttributes(baseline.found, ctx.signal),
  ]);
  const { attributes, leftOut } = whatDiffers(chosen.traces, rest.traces);
  const cohortOf = ({ label, found }: Cohorts['selection'], { traces }: Read) => ({
    label,
    traces: traces.length,
    truncated: found.truncated || traces.length < found.traces.length,
  });
  return {
    selection: cohortOf(selection, chosen),
    baseline: cohortOf(baseline, rest),
    attributes,
    leftOut,
    notes: notesFor(selection, chosen, baseline, rest),
    sampling: baseline.found.sampling ?? selection.found.sampling,
    sources: selection.found.outcomes.map((outcome) => answerOf(outcome)),
  };
}

export interface Read {
  traces: TraceAttributes[];
  /** Traces that were asked for: as many of those found as have `mostSpans` together. */
  asked: number;
  notes: string[];
}

/** Spans that are read for one cohort. Large traces are fewer, so that the answer stays quick. */
const mostSpans = 25_000;
/** Where a source does not count them. */
const usualSpans = 40;

/** As many traces as have so many spans together: an even choice, the same for the same traces. */
function withinBudget(traces: Searched['traces']): Searched['traces'] {
  let left = mostSpans;
  return traces
    .toSorted((a, b) => byScatter(a.found, b.found))
    .filter(({ found }, index) => {
      left -= found.spanCount ?? usualSpans;
      return left >= 0 || index === 0;
    });
}

/** The spans of what was found with their attributes, each trace asked of the source that has it. */
export async function readAttributes(found: Pick<Searched, 'traces'>, signal?: AbortSignal): Promise<Read> {
  const traces = withinBudget(found.traces);
  if (traces.length === 0) return { traces: [], asked: 0, notes: [] };
  const bySource = new Map<TraceSource, string[]>();
  for (const { source, found } of traces) bySource.set(source, [...(bySource.get(source) ?? []), found.traceId]);
  const middle = traces[traces.length >> 1]?.found.startNs ?? 0n;
  const aroundMs = Number(middle / 1_000_000n);
  const outcomes = await askAll(
    [...bySource.keys()],
    (source, within) => source.attributesOf(bySource.get(source) ?? [], { signal: within, aroundMs }),
    { signal, graceMs: 10_000 },
  );
  const read = answersOf(outcomes).flatMap(({ value }) => value);
  return { traces: read, asked: traces.length, notes: notesOf(outcomes) };
}

const fewTraces = 30;

function notesFor(selection: Cohorts['selection'], chosen: Read, baseline: Cohorts['baseline'], rest: Read): string[] {
  const notes = [...selection.found.notes, ...baseline.found.notes, ...chosen.notes, ...rest.notes];
  for (const [{ label, found }, read] of [
    [selection, chosen],
    [baseline, rest],
  ] as const) {
    const missing = read.asked - read.traces.length;
    if (missing > 0) notes.push(`${missing} of ${read.asked} traces of “${label}” could not be read in time.`);
    if (read.asked < found.traces.length) {
      notes.push(
        `${read.asked} of ${found.traces.length} traces of “${label}” were looked at: as many as have ${mostSpans.toLocaleString('en')} spans.`,
      );
    }
    if (read.traces.length === 0) notes.push(`No trace is in “${label}”: there is nothing to compare.`);
    else if (read.traces.length < fewTraces) {
      notes.push(`Only ${read.traces.length} traces are in “${label}”: differences may be chance.`);
    }
  }
  return [...new Set(notes)];
}
