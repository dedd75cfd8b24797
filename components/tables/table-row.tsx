'use client';
import { type MouseEvent, memo, type Ref } from 'react';
import { type Column, cellClass } from './columns.ts';

export interface TableRowProps<Row> {
  row: Row;
  index: number;
  columns: readonly Column<Row>[];
  opens: boolean;
  href: boolean;
  tabIndex: number | undefined;
  selected: boolean;
  onClick: ((event: MouseEvent<HTMLElement>, row: Row) => void) | undefined;
  onFocus: ((index: number) => void) | undefined;
  /** Set where only a part of the rows is drawn. */
  rowIndex?: number;
  ref?: Ref<HTMLTableRowElement>;
}

function Row<Row>({
  row,
  index,
  columns,
  opens,
  href,
  tabIndex,
  selected,
  onClick,
  onFocus,
  rowIndex,
  ref,
}: TableRowProps<Row>) {
  const named = columns.findIndex((column) => column.rowHeader);
  const header = named === -1 ? 0 : named;
  return (
    <tr
      ref={ref}
      data-row={index}
      data-index={index}
      data-href={href ? '' : undefined}
      data-open={opens && !href ? '' : undefined}
      aria-rowindex={rowIndex}
      aria-selected={selected || undefined}
      tabIndex={tabIndex}
      onClick={onClick && ((event) => onClick(event, row))}
      onFocus={onFocus && (() => onFocus(index))}
    >
      {columns.map((column, i) => {
        const className = cellClass(column);
        return i === header ? (
          <th key={column.id} scope="row" className={className}>
            {column.cell(row)}
          </th>
        ) : (
          <td key={column.id} className={className}>
            {column.cell(row)}
          </td>
        );
      })}
    </tr>
  );
}

/** One row; drawn again only when something of it changed. */
export const TableRow = memo(Row) as typeof Row;
