'use client';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { tracesQuery } from '#lib/traces/queries.ts';
import type { FoundTrace, Trace } from '#lib/traces/schemas.ts';
import { parseTraceId } from '#lib/traces/trace-id-rules.ts';
import { useTimeRange } from '../../charts/time-range.tsx';
import type { Column } from '../../tables/columns.ts';
import { DataTable } from '../../tables/data-table.tsx';
import { Button } from '../../ui/button.tsx';
import { Field, Input } from '../../ui/field.tsx';
import { formatDateTime } from '../../ui/format-time.ts';
import { Panel } from '../../ui/panel.tsx';
import { panelStateOf } from '../../ui/panel-state.ts';
import { formatNs } from './span-time.ts';
import { rootOf } from './trace-model.ts';

export interface ComparePickerProps {
  trace: Trace;
  env: string;
  onPick: (traceId: string) => void;
}

const aroundMs = 30 * 60_000;
const most = 20;

/** Which trace to hold this one against: one whose id is known, or one like it. */
export function ComparePicker({ trace, env, onPick }: ComparePickerProps) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const id = parseTraceId(text);
    if (id === null) setProblem('This is no trace id: 16 to 32 digits, 0 to 9 and a to f.');
    else if (id === trace.traceId) setProblem('This is the trace itself.');
    else onPick(id);
  };
  return (
    <>
      <Panel title="Compare with another trace">
        <form className="row wrap items-end" onSubmit={submit}>
          <Field label="Trace id" error={problem} className="grow max-w-[420px]">
            <Input
              value={text}
              className="mono"
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => {
                setText(event.target.value);
                setProblem(null);
              }}
            />
          </Field>
          <Button variant="primary" type="submit" disabled={text.trim() === ''}>
            Compare
          </Button>
        </form>
      </Panel>
      <Similar trace={trace} env={env} onPick={onPick} />
    </>
  );
}

function Similar({ trace, env, onPick }: ComparePickerProps) {
  const { zone } = useTimeRange();
  const root = rootOf(trace);
  const at = Date.parse(trace.at);
  const query = useQuery({
    ...tracesQuery({
      env,
      from: new Date(at - aroundMs).toISOString(),
      to: new Date(at + aroundMs).toISOString(),
      service: root?.service,
      operation: root?.name,
      limit: most,
      order: 'spread',
    }),
    enabled: root !== null,
  });
  const items = (query.data?.items ?? [])
    .filter(({ traceId }) => traceId !== trace.traceId)
    .toSorted((a, b) => a.durationMs - b.durationMs);
  const columns: Column<FoundTrace>[] = [
    {
      id: 'at',
      header: 'Start',
      value: (row) => row.at,
      cell: (row) => (
        <button type="button" className="link" onClick={() => onPick(row.traceId)}>
          {formatDateTime(Date.parse(row.at), zone)}
        </button>
      ),
    },
    {
      id: 'duration',
      header: 'Duration',
      name: 'Duration, ms',
      numeric: true,
      value: (row) => row.durationMs,
      cell: (row) => formatNs(row.durationMs * 1e6),
    },
    {
      id: 'spans',
      header: 'Spans',
      numeric: true,
      value: (row) => row.spanCount,
      cell: (row) => row.spanCount ?? '–',
    },
    {
      id: 'errors',
      header: 'Errors',
      numeric: true,
      value: (row) => row.errorCount,
      cell: (row) => (row.errorCount ? <span className="bad">✕ {row.errorCount}</span> : (row.errorCount ?? '–')),
    },
    {
      id: 'id',
      header: 'Trace',
      priority: 2,
      value: (row) => row.traceId,
      cell: (row) => (
        <span className="mono">
          {row.traceId.slice(0, 8)}…{row.traceId.slice(-8)}
        </span>
      ),
    },
  ];
  const state = panelStateOf(query, 'The source of traces');
  return (
    <Panel
      title="Traces like this one"
      meta={root ? `${root.service} ${root.name}, half an hour before and after` : undefined}
      flush
      bodyHeight={200}
      state={
        state.kind === 'ok' && items.length === 0
          ? { kind: 'empty', title: 'No other was kept', hint: 'Paste the id of one from another time.' }
          : state.kind === 'loading'
            ? undefined
            : state
      }
    >
      <DataTable
        caption="Traces like this one"
        rows={items}
        columns={columns}
        rowId={(row) => row.traceId}
        onOpen={(row) => onPick(row.traceId)}
        loadingRows={query.isPending ? 6 : undefined}
        primary
      />
    </Panel>
  );
}
