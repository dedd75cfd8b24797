import type { TraceAttributes, TraceSource } from '#lib/adapters/traces/port.ts';
import type { Context } from '#lib/core/context.ts';
import { whatDiffers } from './analysis-rules.ts';
import { type Cohorts, findCohorts, mostTraces } from './cohorts.ts';
import type { AnalysisQuery } from './params.ts';
import type { Analysis } from './schemas.ts';
import { type Searched, searchOf } from './search.ts';
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
    truncated: found.truncated || found.traces.length > mostTraces,
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
  notes: string[];
}

/** The spans of what was found with their attributes, each trace asked of the source that has it. */
export async function readAttributes({ traces }: Pick<Searched, 'traces'>, signal?: AbortSignal): Promise<Read> {
  if (traces.length === 0) return { traces: [], notes: [] };
  const bySource = new Map<TraceSource, string[]>();
  for (const { source, found } of traces) bySource.set(source, [...(bySource.get(source) ?? []), found.traceId]);
  const middle = traces[traces.length >> 1]?.found.startNs ?? 0n;
  const aroundMs = Number(middle / 1_000_000n);
  const outcomes = await askAll(
    [...bySource.keys()],
    (source, within) => source.attributesOf(bySource.get(source) ?? [], { signal: within, aroundMs }),
    { signal, graceMs: 10_000 },
  );
  return { traces: answersOf(outcomes).flatMap(({ value }) => value), notes: notesOf(outcomes) };
}

const fewTraces = 30;

function notesFor(selection: Cohorts['selection'], chosen: Read, baseline: Cohorts['baseline'], rest: Read): string[] {
  const notes = [...selection.found.notes, ...baseline.found.notes, ...chosen.notes, ...rest.notes];
  for (const [{ label, found }, read] of [
    [selection, chosen],
    [baseline, rest],
  ] as const) {
    const missing = found.traces.length - read.traces.length;
    if (missing > 0) notes.push(`${missing} of ${found.traces.length} traces of “${label}” could not be read in time.`);
    if (read.traces.length === 0) notes.push(`No trace is in “${label}”: there is nothing to compare.`);
    else if (read.traces.length < fewTraces) {
      notes.push(`Only ${read.traces.length} traces are in “${label}”: differences may be chance.`);
    }
  }
  return [...new Set(notes)];
}
