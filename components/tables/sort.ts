import type { Column } from './columns.ts';

export interface Sort {
  column: string;
  descending?: boolean;
}

/** Whether a column can be sorted by. */
export function canSort<Row>(column: Column<Row>): boolean {
  return column.sortable ?? column.value !== undefined;
}

/** What a click on a header leads to: its first direction, the other one, and then the order in which the rows came. */
export function nextSort<Row>(column: Column<Row>, present: Sort | null): Sort | null {
  const first = column.firstSort ? column.firstSort === 'descending' : Boolean(column.numeric);
  if (present?.column !== column.id) return { column: column.id, descending: first };
  return Boolean(present.descending) === first ? { column: column.id, descending: !first } : null;
}
