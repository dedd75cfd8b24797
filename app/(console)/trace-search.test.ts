import { describe, expect, it } from 'vitest';
import { traceSearch } from './trace-search.ts';

const found = (text: string) => traceSearch.search(text, new AbortController().signal);
const id = '4bf92f3577b34da6a3ce929d0e0e4736';

describe('a trace id in the palette', () => {
  it.each([[id], [` ${id.toUpperCase()} `], [`00-${id}-00f067aa0ba902b7-01`]])(
    'is offered to be opened: %s',
    async (text) => {
      expect(await found(text)).toMatchObject([{ title: `Open trace ${id}`, href: `/traces/${id}` }]);
    },
  );
  it('may have 16 digits', async () => {
    expect(await found('a3ce929d0e0e4736')).toMatchObject([{ href: '/traces/0000000000000000a3ce929d0e0e4736' }]);
  });
  it.each(['', 'payment', 'deadbeef', `${id}0`, '0'.repeat(32)])('is not seen in “%s”', async (text) => {
    expect(await found(text)).toEqual([]);
  });
});
