'use client';
import { useMemo } from 'react';
import { formatValue, unitWord } from '#components/charts/units.ts';
import { type Column, saveRows } from '#components/tables/columns.ts';
import { DataTable } from '#components/tables/data-table.tsx';
import { Button } from '#components/ui/button.tsx';
import { formatDateTime, type Zone, zoneWord } from '#components/ui/format-time.ts';
import type { ExploreInstant } from '#lib/telemetry/schemas.ts';
import { type RanQuery, useAnswered } from './run-queries.ts';
import { type Labels, selectorOf } from './series-names.ts';
import { exact, parted, type SampleRow, type SampleTable, sampleTable, sortable } from './table-data.ts';

function shown({ value, unit }: SampleRow): string {
  return typeof value === 'number' && unit !== 'none' ? formatValue(value, unit) : exact(value);
}

/** A series, with what tells it apart in front of the rest. */
function SeriesName({ labels, table }: { labels: Labels; table: SampleTable }) {
  const { telling, rest } = parted(labels, table);
  return (
    <code className="series">
      <b>{telling}</b>
      {rest ? <span> {rest}</span> : null}
    </code>
  );
}

function columnsOf(table: SampleTable, several: boolean): Column<SampleRow>[] {
  const { columns, rows } = table;
  const withUnit = rows.some(({ unit }) => unit !== 'none');
  const series = (className?: string): Column<SampleRow> => ({
    id: 'series',
    header: 'Series',
    className,
    rowHeader: columns.length === 0,
    cell: (row) => <SeriesName labels={row.labels} table={table} />,
    value: columns.length === 0 ? (row) => selectorOf(row.labels) : undefined,
  });
  return [
    ...(several
      ? [{ id: 'query', header: 'Query', cell: (row: SampleRow) => row.query, value: (row: SampleRow) => row.query }]
      : []),
    ...columns.map(
      (label, i): Column<SampleRow> => ({
        id: `label ${label}`,
        header: label === '__name__' ? 'metric' : label,
        className: 'phone:hidden',
        rowHeader: i === 0,
        cell: (row) => <code className="series">{row.labels[label] ?? ''}</code>,
        value: (row) => row.labels[label] ?? null,
      }),
    ),
    series(columns.length > 0 ? 'desk:hidden' : undefined),
    {
      id: 'value',
      header: 'Value',
      numeric: true,
      cell: (row) => <b title={unitWord(row.unit)}>{shown(row)}</b>,
      value: (row) => sortable(row.value),
    },
    ...(withUnit
      ? [
          {
            id: 'exact',
            header: 'Exact',
            numeric: true,
            sortable: false,
            priority: 2 as const,
            cell: (row: SampleRow) => <span className="faint mono">{exact(row.value)}</span>,
          },
        ]
      : []),
  ];
}

/** The results at one instant, one row for each series. */
export function ExploreTable({ queries, zone }: { queries: readonly RanQuery<ExploreInstant>[]; zone: Zone }) {
  const answered = useAnswered(queries);
  const table = useMemo(
    () => sampleTable(answered.map(({ name, unit, answer }) => ({ name, unit, series: answer.series }))),
    [answered],
  );
  const several = queries.length > 1;
  const columns = useMemo(() => columnsOf(table, several), [table, several]);
  const at = answered[0]?.answer.at;
  const common = Object.keys(table.common).length > 0 ? selectorOf(table.common) : '';
  return (
    <>
      <div className="row wrap px-3 pb-2">
        <span className="faint grow text-sm">
          {at ? `At ${formatDateTime(Date.parse(at), zone)} ${zoneWord(zone)}. ` : ''}
          {common ? (
            <>
              The same for all: <span className="mono break-all">{common}</span>
            </>
          ) : null}
        </span>
        <Button size="sm" onClick={() => saveRows('explore', exported(columns), table.rows)}>
          Save as CSV
        </Button>
      </div>
      <DataTable caption="Samples" rows={table.rows} columns={columns} rowId={(row) => row.id} />
    </>
  );
}

/** A file has the figures as the engine gave them, and every label. */
function exported(columns: readonly Column<SampleRow>[]): Column<SampleRow>[] {
  const kept = columns.filter(({ id }) => id === 'query' || id.startsWith('label '));
  return [
    ...kept,
    { id: 'series', header: 'series', cell: () => null, value: (row) => selectorOf(row.labels) },
    { id: 'value', header: 'value', cell: () => null, value: (row) => (row.value === null ? '' : String(row.value)) },
  ];
}
