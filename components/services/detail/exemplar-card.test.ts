import { expect, it } from 'vitest';
import { traceHref } from './exemplar-card.tsx';

const exemplar = {
  time: Date.parse('2026-11-21T14:02:03.250Z'),
  value: 1.2,
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
};

it('leads to the span that was measured, with what finds similar ones where it was not kept', () => {
  expect(traceHref({ ...exemplar, spanId: '00f067aa0ba902b7' }, 'payment')).toBe(
    '/traces/4bf92f3577b34da6a3ce929d0e0e4736?span=00f067aa0ba902b7&at=2026-11-21T14%3A02%3A03.250Z&service=payment',
  );
});

it('leads to the trace where the span is not known, and stays inside the console whatever the id', () => {
  expect(traceHref(exemplar, 'payment')).not.toContain('span=');
  expect(traceHref({ ...exemplar, traceId: '../../evil?x' }, 'a&b')).toMatch(
    /^\/traces\/\.\.%2F\.\.%2Fevil%3Fx\?at=.*&service=a%26b$/,
  );
});
