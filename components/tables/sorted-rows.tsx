'use client';
import {
  type ColumnDef,
  createSortedRowModel,
  rowSortingFeature,
  sortFn_alphanumeric,
  sortFn_basic,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { type ReactNode, useMemo } from 'react';
import type { Column } from './columns.ts';
import { canSort, type Sort } from './sort.ts';

const features = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { alphanumeric: sortFn_alphanumeric, basic: sortFn_basic },
});

export interface SortedRowsProps<Row extends object> {
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  rowId: (row: Row) => string;
  sort: Sort;
  children: (rows: readonly Row[]) => ReactNode;
}

/** Gives the rows in the order of one column; missing values come last either way. */
export default function SortedRows<Row extends object>({ rows, columns, rowId, sort, children }: SortedRowsProps<Row>) {
  const defs = useMemo(() => columns.filter(canSort).map((column) => definition(column)), [columns]);
  const sorting = useMemo(() => [{ id: sort.column, desc: Boolean(sort.descending) }], [sort.column, sort.descending]);
  const known = defs.some((one) => one.id === sort.column);
  const table = useTable({
    features,
    columns: defs,
    data: rows as Row[],
    getRowId: rowId,
    state: { sorting: known ? sorting : [] },
  });
  return children(table.getRowModel().rows.map((row) => row.original));
}

function definition<Row extends object>(column: Column<Row>): ColumnDef<typeof features, Row> {
  return {
    id: column.id,
    header: column.id,
    accessorFn: (row: Row) => column.value?.(row) ?? undefined,
    sortFn: column.numeric ? 'basic' : 'alphanumeric',
    sortUndefined: 'last',
  } as ColumnDef<typeof features, Row>;
}
