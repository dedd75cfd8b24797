'use client';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { comparisonQuery } from '#lib/traces/queries.ts';
import type { ComparedNode, Trace, TraceComparison } from '#lib/traces/schemas.ts';
import { useTimeRange } from '../../charts/time-range.tsx';
import { formatNumber } from '../../charts/units.ts';
import type { Column } from '../../tables/columns.ts';
import { DataTable } from '../../tables/data-table.tsx';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/field.tsx';
import { formatDateTime } from '../../ui/format-time.ts';
import { Link } from '../../ui/link.tsx';
import { Panel } from '../../ui/panel.tsx';
import { panelStateOf } from '../../ui/panel-state.ts';
import { Status } from '../../ui/status.tsx';
import { serviceColor } from '../service-colors.ts';
import { ComparePicker } from './compare-picker.tsx';
import { traceHref } from './links.ts';
import { formatNs } from './span-time.ts';
import type { ChangeView } from './use-trace-view.ts';
import { countText } from './words.ts';

export interface CompareViewProps {
  trace: Trace;
  env: string;
  other: string | null;
  change: ChangeView;
}

/** This trace held against another one: what is new, gone, slower, faster. */
export function CompareView({ trace, env, other, change }: CompareViewProps) {
  const pick = (traceId: string) => change({ with: traceId, view: 'compare' });
  if (other === null) return <ComparePicker trace={trace} env={env} onPick={pick} />;
  return <Comparison trace={trace} other={other} onOther={() => change({ with: null, view: 'compare' })} />;
}

function Comparison({ trace, other, onOther }: { trace: Trace; other: string; onOther: () => void }) {
  // The other one is what was before, this one what is now: “slower” is said of this one.
  const query = useQuery(comparisonQuery(other, trace.traceId));
  const { data } = query;
  const [onlyChanged, setOnlyChanged] = useState(false);
  const nodes = useMemo(() => (data ? placesOf(data.nodes, onlyChanged) : []), [data, onlyChanged]);
  const longest = Math.max(1, ...nodes.map(({ a, b }) => Math.max(a?.totalNs ?? 0, b?.totalNs ?? 0)));
  const columns = useMemo(() => columnsOf(longest), [longest]);
  const state = panelStateOf(query, 'The source of traces');
  const isUnknown = (query.error as { status?: number } | null)?.status === 404;
  const another = (
    <Button size="sm" onClick={onOther}>
      Another trace
    </Button>
  );
  if (!data) {
    return (
      <Panel
        title="Comparison"
        actions={another}
        bodyHeight={360}
        state={
          isUnknown
            ? { kind: 'empty', title: 'The other trace was not found', hint: (query.error as Error).message }
            : state
        }
      />
    );
  }
  return (
    <>
      <Panel title="Comparison" actions={another} bodyHeight={96}>
        <div className="c2">
          <Side title="A, the other trace" side={data.a} linked />
          <Side title="B, this trace" side={data.b} />
        </div>
        {data.summary.length > 0 ? (
          <ul className="mt-3 grid gap-1" aria-label="What tells most">
            {data.summary.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        ) : (
          <p className="dim mt-3">No difference is large enough to tell of.</p>
        )}
      </Panel>
      <Panel
        title="Both as one tree"
        meta={`${countText(nodes.length, 'place')}, times together`}
        flush
        bodyHeight={240}
        actions={
          <Checkbox checked={onlyChanged} onChange={(event) => setOnlyChanged(event.target.checked)}>
            only what differs
          </Checkbox>
        }
      >
        <DataTable
          caption="Both traces as one tree"
          rows={nodes}
          columns={columns}
          rowId={(row) => String(row.number)}
          empty={<span className="faint">Nothing differs.</span>}
        />
      </Panel>
    </>
  );
}

function Side({ title, side, linked }: { title: string; side: TraceComparison['a']; linked?: boolean }) {
  const { zone } = useTimeRange();
  return (
    <div className="card grid gap-1">
      <span className="faint text-sm">{title}</span>
      <b className="[overflow-wrap:anywhere]">
        {side.root ? `${side.root.service} ${side.root.name}` : 'without a root'}
      </b>
      <span>
        <b>{formatNs(side.durationNs)}</b>{' '}
        <span className="dim">
          {countText(side.spanCount, 'span')},{' '}
          {side.errorCount > 0 ? <span className="bad">✕ {countText(side.errorCount, 'error')}</span> : 'no errors'}
        </span>
      </span>
      <span className="faint text-sm">
        {formatDateTime(Date.parse(side.at), zone)} ·{' '}
        {linked ? (
          <Link href={traceHref(side.traceId, { at: side.at })} className="link mono">
            {side.traceId.slice(0, 8)}…{side.traceId.slice(-8)}
          </Link>
        ) : (
          <span className="mono">
            {side.traceId.slice(0, 8)}…{side.traceId.slice(-8)}
          </span>
        )}
      </span>
    </div>
  );
}

interface Place extends ComparedNode {
  number: number;
  depth: number;
}

/** The places with their depth; where only differences are wanted, with what leads to them. */
function placesOf(nodes: readonly ComparedNode[], onlyChanged: boolean): Place[] {
  const places: Place[] = [];
  for (const [number, node] of nodes.entries()) {
    places.push({ ...node, number, depth: node.parent < 0 ? 0 : (places[node.parent]?.depth ?? -1) + 1 });
  }
  if (!onlyChanged) return places;
  const kept = new Uint8Array(nodes.length);
  for (let number = nodes.length - 1; number >= 0; number--) {
    const node = nodes[number] as ComparedNode;
    if (node.change !== 'same') kept[number] = 1;
    if (kept[number] === 1 && node.parent >= 0) kept[node.parent] = 1;
  }
  return places.filter(({ number }) => kept[number] === 1);
}

const changes = {
  same: { state: 'idle', word: 'same', tone: 'dim' },
  slower: { state: 'slow', word: 'slower', tone: 'warn' },
  faster: { state: 'ok', word: 'faster', tone: 'good' },
  new: { state: 'waiting', word: 'new', tone: 'info' },
  gone: { state: 'blocked', word: 'gone', tone: 'unknown' },
} as const;

function timesOf(side: ComparedNode['a']) {
  if (!side) return <span className="faint">–</span>;
  return (
    <>
      {side.errors > 0 ? <span className="bad">✕ {side.errors} </span> : null}
      {side.count > 1 ? <span className="faint">{formatNumber(side.count, 0)} × </span> : null}
      {formatNs(side.totalNs)}
    </>
  );
}

function differenceOf({ a, b }: ComparedNode): number | null {
  return a && b ? b.totalNs - a.totalNs : null;
}

function columnsOf(longest: number): Column<Place>[] {
  return [
    {
      id: 'place',
      header: 'Service and operation',
      name: 'Service and operation',
      value: (row) => `${row.service} ${row.name}`,
      sortable: false,
      cell: (row) => (
        <span className="row gap-1.5" style={{ paddingLeft: Math.min(row.depth, 16) * 12 }}>
          <i className="sq" style={{ background: serviceColor(row.service) }} />
          <span className="[overflow-wrap:anywhere]">
            <b>{row.service}</b> <span className="dim">{row.name}</span>
          </span>
        </span>
      ),
    },
    {
      id: 'change',
      header: 'Change',
      value: (row) => row.change,
      cell: (row) => {
        const { state, word, tone } = changes[row.change];
        return row.change === 'same' ? (
          <span className="faint">same</span>
        ) : (
          <Status state={state} word={word} tone={tone} />
        );
      },
    },
    {
      id: 'bars',
      header: <span className="sr">Bars: A above, B below</span>,
      name: 'Bars',
      priority: 3,
      sortable: false,
      cell: (row) => (
        <span className="cmp-bars block" aria-hidden="true">
          <i
            style={{ top: 1, width: `${((row.a?.totalNs ?? 0) / longest) * 100}%`, background: 'var(--line-strong)' }}
          />
          <i
            style={{
              top: 9,
              width: `${((row.b?.totalNs ?? 0) / longest) * 100}%`,
              background: serviceColor(row.service),
            }}
          />
        </span>
      ),
      className: 'cmp-cell',
    },
    {
      id: 'other',
      header: 'A, other',
      name: 'A, ns',
      numeric: true,
      priority: 2,
      value: (row) => row.a?.totalNs,
      cell: (row) => timesOf(row.a),
    },
    {
      id: 'this',
      header: 'B, this',
      name: 'B, ns',
      numeric: true,
      value: (row) => row.b?.totalNs,
      cell: (row) => timesOf(row.b),
    },
    {
      id: 'difference',
      header: 'Difference',
      name: 'Difference, ns',
      numeric: true,
      priority: 2,
      value: differenceOf,
      cell: (row) => {
        const by = differenceOf(row);
        if (by === null) return <span className="faint">–</span>;
        return `${by < 0 ? '−' : '+'}${formatNs(Math.abs(by))}`;
      },
    },
  ];
}
