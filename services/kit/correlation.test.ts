import { expect, it } from 'vitest';
import { correlationIdOf } from './correlation.ts';

it("keeps the caller's correlation id", () => {
  expect(correlationIdOf('order-42:a.b_c')).toBe('order-42:a.b_c');
});

it.each([[undefined], ['with blank'], ['line\nbreak'], ['x'.repeat(129)], [''], [['a', 'b']]])(
  'makes a new one instead of %j',
  (header) => {
    expect(correlationIdOf(header)).toMatch(/^[0-9a-f-]{36}$/);
  },
);
