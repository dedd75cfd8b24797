'use client';
import { useRouter } from 'next/navigation';
import { lazy, type MouseEvent, type ReactNode, Suspense, useCallback, useRef, useState } from 'react';
import { cx } from '../ui/cx.ts';
import { keepParams } from '../ui/keep-params.ts';
import { Skeleton } from '../ui/skeleton.tsx';
import { type Column, cellClass, columnName } from './columns.ts';
import { canSort, nextSort, type Sort } from './sort.ts';
import { TableRow } from './table-row.tsx';
import { useRowKeys } from './use-row-keys.ts';

const VirtualBody = lazy(() => import('./virtual-body.tsx')) as unknown as typeof import('./virtual-body.tsx').default;

// Sorting is fetched when somebody sorts: most tables are read as they come, the worst first.
const loadSorting = () => import('./sorted-rows.tsx');
const SortedRows = lazy(loadSorting) as unknown as typeof import('./sorted-rows.tsx').default;

export type { Sort };

export interface DataTableProps<Row extends object> {
  /** What the table holds; read by screen readers, not shown. */
  caption: string;
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  rowId: (row: Row) => string;
  /** Where a row leads: on a click, and with Enter. The row's name should be a link as well. */
  rowHref?: (row: Row) => string | undefined;
  /** What a row does instead of leading somewhere. */
  onOpen?: (row: Row) => void;
  selectedId?: string;
  /** Without it the rows come as they are given: the worst first. */
  initialSort?: Sort;
  /** The sort where the page keeps it, for instance in the address; null is the order in which the rows are given. */
  sort?: Sort | null;
  onSort?: (sort: Sort | null) => void;
  /** Said in place of rows. */
  empty?: ReactNode;
  /** So many rows of skeleton in place of rows. */
  loadingRows?: number;
  /** Takes j and k from anywhere on the page; one table of a page may. */
  primary?: boolean;
  /** Height beyond which the rows scroll under their header; always with many rows. */
  maxHeight?: number | string;
  className?: string;
}

/** More rows than this are drawn only where they are seen. */
const virtualFrom = 200;

/** Rows and columns: sortable, reached by keyboard, narrow on a phone, quick with thousands of rows. */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { caption, rows, columns, rowId, rowHref, onOpen, selectedId, empty, loadingRows, primary, className } = props;
  const router = useRouter();
  const box = useRef<HTMLDivElement>(null);
  const scrollTo = useRef<((index: number) => void) | null>(null);
  const [own, setOwn] = useState<Sort | null>(props.initialSort ?? null);
  const sort = props.sort === undefined ? own : props.sort;
  const setSort = (next: Sort | null) => {
    setOwn(next);
    props.onSort?.(next);
  };
  const shown = useRef<readonly Row[]>(rows);
  const count = rows.length;
  const opens = Boolean(rowHref || onOpen);
  const virtual = count > virtualFrom;

  const open = useCallback(
    (row: Row) => {
      const href = rowHref?.(row);
      if (href) router.push(keepParams(href, new URLSearchParams(window.location.search)));
      else onOpen?.(row);
    },
    [rowHref, onOpen, router],
  );

  const { active, setActive, onKeyDown } = useRowKeys({
    box,
    count,
    enabled: opens,
    everywhere: primary,
    scrollTo,
    onEnter: (index) => {
      const row = shown.current[index];
      if (row !== undefined) open(row);
    },
  });

  const onClick = (event: MouseEvent<HTMLElement>, row: Row) => {
    if (event.defaultPrevented || window.getSelection()?.toString()) return;
    // React hands on what happens in a menu or a dialog of the row, though these stand elsewhere on the page.
    if (!event.currentTarget.contains(event.target as Node)) return;
    if ((event.target as HTMLElement).closest('a, button, input, select, textarea, label')) return;
    open(row);
  };

  const rowProps = (row: Row, index: number) => ({
    row,
    index,
    columns,
    opens,
    href: rowHref?.(row) !== undefined,
    tabIndex: opens ? (index === active ? 0 : -1) : undefined,
    selected: selectedId !== undefined && rowId(row) === selectedId,
    onClick: opens ? onClick : undefined,
    onFocus: opens ? setActive : undefined,
  });

  const body = (ordered: readonly Row[]) => {
    shown.current = ordered;
    return virtual ? (
      <Suspense fallback={<SkeletonRows rows={12} columns={columns} />}>
        <VirtualBody rows={ordered} scroll={box} rowId={rowId} rowProps={rowProps} scrollTo={scrollTo} />
      </Suspense>
    ) : (
      <tbody>
        {ordered.map((row, index) => (
          <TableRow key={rowId(row)} {...rowProps(row, index)} />
        ))}
      </tbody>
    );
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it listens for the rows inside
    <div
      ref={box}
      className={cx('table-scroll', (virtual || props.maxHeight) && 'tall', className)}
      style={{ maxHeight: props.maxHeight ?? (virtual ? '70vh' : undefined) }}
      onKeyDown={opens ? onKeyDown : undefined}
    >
      <table
        className="table"
        aria-rowcount={virtual ? count + 1 : undefined}
        aria-busy={loadingRows ? true : undefined}
      >
        <caption className="sr">{caption}</caption>
        <thead>
          <tr aria-rowindex={virtual ? 1 : undefined}>
            {columns.map((column) => {
              const direction = sort?.column === column.id ? (sort.descending ? 'descending' : 'ascending') : undefined;
              return (
                <th key={column.id} scope="col" className={cellClass(column)} aria-sort={direction}>
                  {canSort(column) ? (
                    <button
                      type="button"
                      onPointerEnter={loadSorting}
                      onClick={() => setSort(nextSort(column, sort))}
                      aria-label={`Sort by ${columnName(column)}`}
                    >
                      {column.header}
                      <i aria-hidden="true">{direction === undefined ? '↕' : direction === 'ascending' ? '↑' : '↓'}</i>
                    </button>
                  ) : (
                    column.header
                  )}
                </th>
              );
            })}
          </tr>
        </thead>
        {loadingRows ? (
          <SkeletonRows rows={loadingRows} columns={columns} />
        ) : count === 0 ? (
          <tbody>
            <tr>
              <td colSpan={columns.length}>{empty ?? <span className="faint">Nothing here.</span>}</td>
            </tr>
          </tbody>
        ) : sort ? (
          <Suspense fallback={body(rows)}>
            <SortedRows rows={rows} columns={columns} rowId={rowId} sort={sort}>
              {body}
            </SortedRows>
          </Suspense>
        ) : (
          body(rows)
        )}
      </table>
    </div>
  );
}

function SkeletonRows<Row extends object>({ rows, columns }: { rows: number; columns: readonly Column<Row>[] }) {
  return (
    <tbody>
      {Array.from({ length: rows }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows of skeleton have nothing else
        <tr key={i}>
          {columns.map((column) => (
            <td key={column.id} className={cellClass(column)}>
              <Skeleton />
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  );
}
