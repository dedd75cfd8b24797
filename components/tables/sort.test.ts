import { describe, expect, it } from 'vitest';
import type { Column } from './columns.ts';
import { canSort, nextSort } from './sort.ts';

const name: Column<{ n: number }> = { id: 'name', header: 'Name', cell: () => null, value: (row) => String(row.n) };
const rate: Column<{ n: number }> = {
  id: 'rate',
  header: 'Rate',
  numeric: true,
  cell: () => null,
  value: (row) => row.n,
};

describe('sorting by a header', () => {
  it('begins with A for words and with the largest for figures', () => {
    expect(nextSort(name, null)).toEqual({ column: 'name', descending: false });
    expect(nextSort(rate, null)).toEqual({ column: 'rate', descending: true });
  });
  it('turns round, and then gives the rows as they came', () => {
    const second = nextSort(rate, { column: 'rate', descending: true });
    expect(second).toEqual({ column: 'rate', descending: false });
    expect(nextSort(rate, second)).toBeNull();
  });
  it('begins anew with another column', () => {
    expect(nextSort(rate, { column: 'name' })).toEqual({ column: 'rate', descending: true });
  });
  it('is not offered where a column has no value, or says so', () => {
    expect(canSort({ id: 'x', header: 'x', cell: () => null })).toBe(false);
    expect(canSort({ ...name, sortable: false })).toBe(false);
  });
});
