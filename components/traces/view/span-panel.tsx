'use client';
import { useQuery } from '@tanstack/react-query';
import { type AttributeGroup, groupAttributes } from '#lib/traces/group-attributes-rules.ts';
import { spanQuery } from '#lib/traces/queries.ts';
import type { SpanDetail } from '#lib/traces/schemas.ts';
import { useTimeRange } from '../../charts/time-range.tsx';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Link } from '../../ui/link.tsx';
import { Note } from '../../ui/note.tsx';
import { panelStateOf } from '../../ui/panel-state.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Stat } from '../../ui/stat.tsx';
import { rangeAround, traceHref } from './links.ts';
import { plainEntries, SpanAttributes } from './span-attributes.tsx';
import { SpanEvents } from './span-events.tsx';
import { logRange, SpanLogs } from './span-logs.tsx';
import { formatNs } from './span-time.ts';
import {
  colorOf,
  idOf,
  isError,
  kindOf,
  lengthOf,
  nameOf,
  serviceOf,
  startOf,
  type TraceModel,
} from './trace-model.ts';
import type { TraceInsight } from './use-insight.ts';
import { countText } from './words.ts';

export interface SpanPanelProps {
  model: TraceModel;
  insight: TraceInsight | null;
  span: number;
  /** Where its logs are looked for. */
  env: string;
  onClose: () => void;
  onZoom: () => void;
}

/** All that is known of one span. Its times are at hand; the rest is fetched. */
export function SpanPanel({ model, insight, span, env, onClose, onZoom }: SpanPanelProps) {
  const { trace } = model;
  const spanId = idOf(model, span);
  const query = useQuery(spanQuery(trace.traceId, spanId));
  const detail = query.data?.items[0];
  const state = panelStateOf(query, trace.source.name);
  const range = logRange(trace.at, trace.durationNs);
  return (
    <>
      <div className="row items-start p-3 pb-2">
        <h2 className="grow span-head whitespace-normal">
          <i className="sq" style={{ background: colorOf(model, span) }} />
          {serviceOf(model, span)} <span className="dim font-[450]">{nameOf(model, span)}</span>
        </h2>
        <Button size="sm" variant="quiet" onClick={onZoom} title="Show only its time (z)">
          Zoom
        </Button>
        <Button size="sm" variant="quiet" icon aria-label="Close the detail" onClick={onClose}>
          ✕
        </Button>
      </div>
      <div className="grid gap-2 px-3 pb-3">
        <StatusNote detail={detail} failed={isError(model, span)} />
        <div className="grid grid-cols-3 gap-2">
          <Stat label="Duration" value={formatNs(lengthOf(model, span))} />
          <Stat label="Self time" value={insight ? formatNs(insight.selfNs[span] as number) : '…'} />
          <Stat label="Starts at" value={formatNs(startOf(model, span))} />
        </div>
        <p className="faint text-sm">
          {kindOf(model, span)}
          {detail?.scope.name ? ` · ${detail.scope.name} ${detail.scope.version ?? ''}` : ''}
          {insight?.isAsync(span) ? ' · asynchronous: its parent did not wait for it' : ''}
          {insight?.moved(span) ? ` · moved by ${formatNs(insight.moved(span))} for its clock` : ''}
        </p>
      </div>
      {state.kind === 'loading' ? <SpanSkeleton /> : null}
      {state.kind === 'sourceDown' ? (
        <div className="span-part">
          <span className="dim">The rest cannot be read: {state.reason}</span>
          <div>
            <Button size="sm" onClick={() => void query.refetch()}>
              Try again
            </Button>
          </div>
        </div>
      ) : null}
      {state.kind === 'notPermitted' ? <p className="span-part dim">{state.hint}</p> : null}
      {query.data && !detail ? (
        <p className="span-part dim">The source has no more of this span than what is drawn.</p>
      ) : null}
      {detail ? <SpanParts detail={detail} traceId={trace.traceId} at={trace.at} /> : null}
      <SpanLogs
        env={env}
        traceId={trace.traceId}
        spanId={spanId}
        startNs={detail?.startNs ?? String(BigInt(trace.startNs) + BigInt(Math.round(trace.spans.offset[span] ?? 0)))}
        range={range}
      />
    </>
  );
}

function StatusNote({ detail, failed }: { detail: SpanDetail | undefined; failed: boolean }) {
  if (!failed) return null;
  const exception = detail?.events.find(({ name }) => name === 'exception')?.attributes['exception.message'];
  const text = detail?.statusMessage || (typeof exception === 'string' ? exception : null);
  return <Note tone="bad">{text ?? (detail ? 'It failed and does not say why.' : 'It failed.')}</Note>;
}

function SpanSkeleton() {
  return (
    <div className="span-part" aria-hidden="true">
      {[70, 90, 60, 80, 75].map((width) => (
        <Skeleton key={width} width={`${width}%`} />
      ))}
    </div>
  );
}

function SpanParts({ detail, traceId, at }: { detail: SpanDetail; traceId: string; at: string }) {
  const range = rangeAround(at, useTimeRange());
  const { dropped } = detail;
  const lost = [
    dropped.attributes > 0 ? countText(dropped.attributes, 'attribute') : '',
    dropped.events > 0 ? countText(dropped.events, 'event') : '',
    dropped.links > 0 ? countText(dropped.links, 'link') : '',
  ].filter(Boolean);
  const groups = groupAttributes(detail.attributes, detail.resource);
  const isResource = ({ entries }: AttributeGroup) => entries.every(({ scope }) => scope === 'resource');
  return (
    <>
      {detail.warnings.length > 0 || lost.length > 0 ? (
        <div className="px-3 pb-3">
          <Note>
            {detail.warnings.join(' ')}
            {lost.length > 0 ? ` The sender dropped ${lost.join(', ')}.` : ''}
          </Note>
        </div>
      ) : null}
      {groups
        .filter((group) => !isResource(group))
        .map(({ id, title, entries }) => (
          <section className="span-part" key={id} aria-label={id === 'other' ? 'Attributes' : title}>
            <h3>{id === 'other' ? 'Attributes' : title}</h3>
            <SpanAttributes entries={entries} service={detail.service} range={range} />
          </section>
        ))}
      {detail.events.length > 0 ? <SpanEvents span={detail} /> : null}
      {detail.links.length > 0 ? <SpanLinks detail={detail} traceId={traceId} /> : null}
      {groups.filter(isResource).map(({ id, title, entries }) => (
        <details className="span-part" key={id} open={id === 'service'}>
          <summary>
            <b>{title}</b> <span className="faint">{entries.length}</span>
          </summary>
          <SpanAttributes entries={entries} service={detail.service} range={range} />
        </details>
      ))}
      <div className="span-part">
        <div className="row text-sm">
          <span className="faint">span</span> <span className="mono grow">{detail.spanId}</span>
          <CopyButton text={detail.spanId} label="Copy id" size="sm" variant="quiet" />
        </div>
      </div>
    </>
  );
}

function SpanLinks({ detail, traceId }: { detail: SpanDetail; traceId: string }) {
  return (
    <section className="span-part" aria-label="Links">
      <h3>
        Links <span className="faint">{detail.links.length}</span>
      </h3>
      <ul className="grid gap-1">
        {detail.links.map((link, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a span may link to another one twice
          <li key={index} className="grid">
            <Link href={traceHref(link.traceId, { span: link.spanId })} className="link mono">
              {link.traceId === traceId ? 'this trace' : `${link.traceId.slice(0, 8)}…${link.traceId.slice(-8)}`},{' '}
              {link.spanId}
            </Link>
            {Object.keys(link.attributes).length > 0 ? (
              <SpanAttributes entries={plainEntries(link.attributes)} service={detail.service} range={{}} plain />
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}
