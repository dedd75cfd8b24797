import type { ReactNode } from 'react';
import { cx } from '../ui/cx.ts';
import { type CsvCell, download, fileName, toCsv } from './csv.ts';

export interface Column<Row> {
  id: string;
  header: ReactNode;
  /** The header in a file and for screen readers, where `header` is not plain text. */
  name?: string;
  cell: (row: Row) => ReactNode;
  /** What is sorted by and written to files; without it the column can be neither. Missing values come last. */
  value?: (row: Row) => string | number | boolean | null | undefined;
  /** Figures stand at the right. */
  numeric?: boolean;
  /** 1 is always shown, 2 not on a phone, 3 only where there is room. */
  priority?: 1 | 2 | 3;
  /** False where sorting makes no sense though there is a value. */
  sortable?: boolean;
  /** Which way the first click sorts; figures begin with the largest. */
  firstSort?: 'ascending' | 'descending';
  className?: string;
  /** Names the row for screen readers. The first column is, unless another says so. */
  rowHeader?: boolean;
}

/** The plain name of a column. */
export function columnName<Row>(column: Column<Row>): string {
  return column.name ?? (typeof column.header === 'string' ? column.header : column.id);
}

/** Class names that every cell of a column has, in the header as well. */
export function cellClass<Row>(column: Column<Row>): string {
  const rare = column.priority && column.priority > 1 && `p${column.priority}`;
  return cx(column.numeric && 'num', rare, column.className);
}

/** Saves rows as a CSV file: every column that has a value. */
export function saveRows<Row>(title: string, columns: readonly Column<Row>[], rows: readonly Row[]): void {
  const written = columns.filter((column) => column.value);
  const lines = rows.map((row) => written.map((column): CsvCell => column.value?.(row)));
  download(fileName(title, 'csv'), toCsv(written.map(columnName), lines));
}
