'use client';
import type { Trace } from '#lib/traces/schemas.ts';
import { useTimeRange } from '../../charts/time-range.tsx';
import { formatPercent } from '../../charts/units.ts';
import { Button, buttonClass } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { formatAge, formatDateTime, zoneWord } from '../../ui/format-time.ts';
import type { GlyphName } from '../../ui/glyph.tsx';
import { Link } from '../../ui/link.tsx';
import { Pill } from '../../ui/pill.tsx';
import type { Tone } from '../../ui/tone.ts';
import type { Contribution } from './contributors.ts';
import { rangeAround, searchHref } from './links.ts';
import { formatNs } from './span-time.ts';
import { rootOf } from './trace-model.ts';
import { countText, listText } from './words.ts';

export interface TraceHeaderProps {
  trace: Trace;
  /** What took most of its time; null while that is not known. */
  contribution: Contribution | null;
  totalNs: number;
  onErrors: () => void;
  onCompare: () => void;
  onSpan: (span: number) => void;
}

/** What the trace is, how it went, and what can be done with it. */
export function TraceHeader({ trace, contribution, totalNs, onErrors, onCompare, onSpan }: TraceHeaderProps) {
  const range = useTimeRange();
  const root = rootOf(trace);
  const similar = root
    ? searchHref({ service: root.service, operation: root.name, ...rangeAround(trace.at, range) })
    : '/traces';
  return (
    <div className="grid gap-2">
      <div className="row wrap gap-y-1">
        <h1 className="min-w-0 [overflow-wrap:anywhere]">
          {root ? (
            <>
              {root.service} <span className="dim font-[450]">{root.name}</span>
            </>
          ) : (
            'Trace without spans'
          )}
        </h1>
        {trace.errorCount > 0 ? (
          <button type="button" className="pill bad" onClick={onErrors} title="Show only what leads to errors">
            ✕ {countText(trace.errorCount, 'error')}
          </button>
        ) : null}
        <FactPills trace={trace} />
        <span className="grow" />
        <Button onClick={onCompare}>Compare</Button>
        <Link href={similar} className={buttonClass()}>
          Find similar
        </Link>
        <a
          href={`/api/v1/traces/${trace.traceId}/snapshot`}
          download={`trace-${trace.traceId}.json`}
          className={buttonClass({}, 'hide-s')}
          title="The whole trace as JSON, with a digest"
        >
          Download
        </a>
      </div>
      <div className="trace-facts">
        <span>
          <b>{formatNs(totalNs)}</b> total
        </span>
        {contribution && totalNs > 0 ? (
          <button type="button" className="text-left" onClick={() => onSpan(contribution.span)} title="Select its span">
            <b>{formatNs(contribution.ns)}</b> of it ({formatPercent(contribution.ns / totalNs, 0)}){' '}
            {contribution.waits ? 'waiting for' : 'in'} {contribution.waits ? null : `${contribution.service} `}
            {contribution.name}
            {contribution.spans > 1 ? `, ${countText(contribution.spans, 'span')}` : ''}
          </button>
        ) : null}
        <span>
          {countText(trace.spanCount, 'span')}, {countText(trace.services.length, 'service')}, depth {trace.depth}
        </span>
        <time dateTime={trace.at}>
          {startText(trace, range.zone)} {zoneWord(range.zone)}
        </time>
        <span className="id">
          <span className="mono" title={trace.traceId}>
            {trace.traceId.slice(0, 8)}…{trace.traceId.slice(-8)}
          </span>
          <CopyButton text={trace.traceId} label="Copy id" size="sm" variant="quiet" />
        </span>
        <Origin trace={trace} />
      </div>
    </div>
  );
}

/** The day with its year and the time of day with milliseconds. */
function startText({ at }: Trace, zone: Parameters<typeof formatDateTime>[1]): string {
  const ms = Date.parse(at);
  return `${formatDateTime(ms, zone, true, 0)}.${String(((ms % 1000) + 1000) % 1000).padStart(3, '0')}`;
}

/** Where it was found, where it was not, and whether others like it were left out. */
function Origin({ trace }: { trace: Trace }) {
  const missing = trace.sources.filter(({ outcome }) => outcome === 'not_found').map(({ name }) => name);
  const failed = trace.sources.filter(({ outcome }) => outcome === 'failed' || outcome === 'skipped');
  return (
    <>
      <span>
        from <b>{trace.source.name}</b>
        {missing.length > 0 ? <span className="faint"> (not in {listText(missing, 'or')})</span> : null}
      </span>
      {failed.map(({ id, name, outcome, detail }) => (
        <span key={id} className="warn" title={detail ?? undefined}>
          {name} {outcome === 'failed' ? 'did not answer' : 'was not asked'}
        </span>
      ))}
      {trace.sampledRatio !== null && trace.sampledRatio < 1 ? (
        <span title="So large a part of the ordinary traces was kept at that time; counts of the search are of those kept.">
          sampled at {formatPercent(trace.sampledRatio)}
        </span>
      ) : null}
    </>
  );
}

const factLooks: Record<string, { tone: Tone; glyph: GlyphName; word: string }> = {
  fault: { tone: 'fault', glyph: 'fault', word: 'inside fault' },
  incident: { tone: 'bad', glyph: 'incident', word: 'during incident' },
  deploy: { tone: 'info', glyph: 'deploy', word: 'deploy' },
  scaling: { tone: 'scaling', glyph: 'scaling', word: 'scaling' },
  alert: { tone: 'warn', glyph: 'alert', word: 'while alerting' },
  config: { tone: 'info', glyph: 'config', word: 'config change' },
};
const mostFacts = 3;

/** A change is told with the time that went by since; what lasts is there meanwhile. */
function whenText({ kind, startAt }: Trace['facts'][number], at: string): string {
  if (kind !== 'deploy' && kind !== 'scaling' && kind !== 'config') return '';
  const ms = Date.parse(at) - Date.parse(startAt);
  return ms > 0 ? `${formatAge(ms)} after ` : 'during ';
}

function FactPills({ trace }: { trace: Trace }) {
  const counts = new Map<number, number>();
  for (const service of trace.spans.service) counts.set(service, (counts.get(service) ?? 0) + 1);
  const spansOf = (services: readonly string[]) =>
    trace.services.reduce((sum, name, i) => sum + (services.includes(name) ? (counts.get(i) ?? 0) : 0), 0);
  const order = Object.keys(factLooks);
  const facts = trace.facts.toSorted((a, b) => ((order.indexOf(a.kind) + 9) % 9) - ((order.indexOf(b.kind) + 9) % 9));
  return (
    <>
      {facts.slice(0, mostFacts).map((fact) => {
        const { id, kind, title, services } = fact;
        const look = factLooks[kind] ?? { tone: 'dim' as const, glyph: 'note' as const, word: 'during' };
        const spans = spansOf(services);
        return (
          <Pill key={id} tone={look.tone} glyph={look.glyph} className="max-w-full">
            <span className="clip" title={services.length > 0 ? `on ${listText(services, 'and')}` : undefined}>
              {kind === 'fault' && spans > 0 ? `${countText(spans, 'span')} ` : ''}
              {whenText(fact, trace.at)}
              {look.word} “{title}”
            </span>
          </Pill>
        );
      })}
      {facts.length > mostFacts ? (
        <span
          className="faint"
          title={facts
            .slice(mostFacts)
            .map(({ title }) => title)
            .join('\n')}
        >
          and {facts.length - mostFacts} more
        </span>
      ) : null}
    </>
  );
}
