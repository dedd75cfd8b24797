import { formatValue } from '#components/charts/units.ts';
import type { Column } from '#components/tables/columns.ts';
import { serviceColor } from '#components/traces/service-colors.ts';
import { formatClock, formatDateTime, type Zone } from '#components/ui/format-time.ts';
import { Link } from '#components/ui/link.tsx';
import { Status } from '#components/ui/status.tsx';
import type { FoundTrace } from '#lib/traces/schemas.ts';
import { startMsOf } from './use-results.ts';

/** Where a found trace is read. When it happened makes it quicker to find; the span that matched is shown at once. */
export function traceHref(trace: FoundTrace, withSpan: boolean): string {
  const params = new URLSearchParams({ at: trace.at });
  if (withSpan && trace.match.spanId) params.set('span', trace.match.spanId);
  return `/traces/${trace.traceId}?${params}`;
}

export interface TraceColumnsOptions {
  zone: Zone;
  /** The range is longer than a day: times need their day. */
  withDay: boolean;
  longestMs: number;
  hrefOf: (trace: FoundTrace) => string;
  fresh: ReadonlySet<string>;
  picked: readonly string[];
  onPick: (traceId: string, isPicked: boolean) => void;
  /** Half of the page: without spans, errors and services. */
  isNarrow: boolean;
}

const isFailed = ({ match }: FoundTrace) => match.status === 'error';

/** The columns of a list of traces. */
export function traceColumns(options: TraceColumnsOptions): Column<FoundTrace>[] {
  const { zone, withDay, longestMs, hrefOf, fresh, picked, onPick, isNarrow } = options;
  const time = (trace: FoundTrace) =>
    withDay ? formatDateTime(startMsOf(trace), zone) : formatClock(startMsOf(trace), zone, true);
  const wide: Column<FoundTrace>[] = [
    {
      id: 'spans',
      header: 'Spans',
      numeric: true,
      priority: 2,
      cell: ({ spanCount }) => spanCount?.toLocaleString('en') ?? <span className="faint">?</span>,
      value: ({ spanCount }) => spanCount,
    },
    {
      id: 'errors',
      header: 'Errors',
      numeric: true,
      priority: 2,
      cell: ({ errorCount }) =>
        errorCount ? <span className="bad">{errorCount}</span> : <span className="faint">{errorCount ?? '?'}</span>,
      value: ({ errorCount }) => errorCount,
    },
    {
      id: 'services',
      header: 'Services',
      priority: 3,
      className: 'services-col',
      cell: (trace) => <Services trace={trace} />,
      value: ({ services }) => services.map(({ name, spanCount }) => `${name} ${spanCount}`).join(', '),
      sortable: false,
    },
  ];
  return [
    {
      id: 'time',
      header: 'Time',
      className: withDay ? 'time-col with-day' : 'time-col',
      cell: (trace) => (
        <span className={fresh.has(trace.traceId) ? 'fresh' : undefined}>
          {time(trace)}
          {fresh.has(trace.traceId) ? <span className="sr"> new</span> : null}
        </span>
      ),
      value: ({ at }) => at,
      firstSort: 'descending',
    },
    {
      id: 'trace',
      header: 'Trace',
      rowHeader: true,
      cell: (trace) => (
        <Link href={hrefOf(trace)} className="trace-name" title={`${trace.match.service} ${trace.match.name}`}>
          <b>{trace.match.service}</b> <span className="dim">{trace.match.name}</span>
        </Link>
      ),
      value: ({ match }) => `${match.service} ${match.name}`,
    },
    {
      id: 'status',
      header: 'Status',
      className: 'status-col',
      cell: (trace) => <Status state={isFailed(trace) ? 'error' : 'ok'} />,
      value: (trace) => (isFailed(trace) ? 'error' : 'ok'),
    },
    {
      id: 'duration',
      header: 'Duration',
      name: 'Duration, ms',
      numeric: true,
      className: 'duration-col',
      cell: ({ match }) => (
        <span className="cell">
          <i className="length hide-s" aria-hidden="true">
            <i style={{ width: `${Math.min(100, (match.durationMs / (longestMs || 1)) * 100)}%` }} />
          </i>
          <span className="figure">{formatValue(match.durationMs, 'milliseconds')}</span>
        </span>
      ),
      value: ({ match }) => match.durationMs,
    },
    ...(isNarrow ? [] : wide),
    {
      id: 'pick',
      header: <span className="sr">Compare</span>,
      name: 'Compare',
      className: 'pick-col',
      cell: (trace) => (
        <label className="pick" title="Pick to compare">
          <input
            type="checkbox"
            aria-label={`Pick ${trace.match.service} ${trace.match.name} of ${time(trace)} to compare`}
            checked={picked.includes(trace.traceId)}
            onChange={(event) => onPick(trace.traceId, event.target.checked)}
          />
        </label>
      ),
    },
  ];
}

/** Columns that only a file has. */
export const fileColumns: Column<FoundTrace>[] = [
  { id: 'traceId', header: 'Trace id', cell: () => null, value: ({ traceId }) => traceId },
  { id: 'root', header: 'Root', cell: () => null, value: ({ root }) => (root ? `${root.service} ${root.name}` : null) },
  { id: 'whole', header: 'Whole trace, ms', cell: () => null, value: ({ durationMs }) => durationMs },
  { id: 'source', header: 'Source', cell: () => null, value: ({ source }) => source },
];

const named = 2;

/** Whose spans the trace is made of: a bar in their colours, the largest by name. */
function Services({ trace: { services } }: { trace: FoundTrace }) {
  const total = services.reduce((sum, { spanCount }) => sum + spanCount, 0);
  if (total === 0) return <span className="faint">not counted</span>;
  const words = services.map(
    ({ name, spanCount, errorCount }) => `${name} ${spanCount}${errorCount ? `, ${errorCount} failed` : ''}`,
  );
  return (
    <span className="services-cell" title={words.join('; ')}>
      <span className="services-bar" aria-hidden="true">
        {services.map(({ name, spanCount }) => (
          <i key={name} style={{ width: `${(spanCount / total) * 100}%`, background: serviceColor(name) }} />
        ))}
      </span>
      <span className="clip">
        {services.slice(0, named).map(({ name, spanCount }, i) => (
          <span key={name}>
            {i > 0 ? ', ' : ''}
            {name} <span className="faint">{spanCount}</span>
          </span>
        ))}
        {services.length > named ? <span className="faint"> and {services.length - named} more</span> : null}
      </span>
    </span>
  );
}
