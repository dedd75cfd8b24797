'use client';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useEffect } from 'react';
import { TableRow, type TableRowProps } from './table-row.tsx';

export interface VirtualBodyProps<Row> {
  rows: readonly Row[];
  scroll: RefObject<HTMLDivElement | null>;
  rowId: (row: Row) => string;
  rowProps: (row: Row, index: number) => TableRowProps<Row>;
  /** Receives the function that brings a row into view. */
  scrollTo: RefObject<((index: number) => void) | null>;
}

/** The rows in view and a few around them; empty rows stand for the others. */
export default function VirtualBody<Row>({ rows, scroll, rowId, rowProps, scrollTo }: VirtualBodyProps<Row>) {
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => 33,
    getItemKey: (index) => rowId(rows[index] as Row),
    overscan: 12,
  });
  useEffect(() => {
    scrollTo.current = (index) => virtualizer.scrollToIndex(index, { align: 'auto' });
    return () => {
      scrollTo.current = null;
    };
  }, [virtualizer, scrollTo]);
  const items = virtualizer.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const after = virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <tbody>
      {before > 0 ? <Gap height={before} /> : null}
      {items.map((item) => {
        const row = rows[item.index] as Row;
        return (
          <TableRow
            key={item.key}
            {...rowProps(row, item.index)}
            rowIndex={item.index + 2}
            ref={virtualizer.measureElement}
          />
        );
      })}
      {after > 0 ? <Gap height={after} /> : null}
    </tbody>
  );
}

/** One cell only: spanning columns that are hidden on a phone would bring them back, empty. */
function Gap({ height }: { height: number }) {
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in it can have focus
    <tr aria-hidden="true">
      <td style={{ height, padding: 0, border: 0 }} />
    </tr>
  );
}
