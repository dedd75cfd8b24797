import { expect, it } from 'vitest';
import { alertOf } from './testing/alerts.ts';
import { withAlert } from './with-alert.ts';

const before = alertOf({ id: 'a' });
const other = alertOf({ id: 'b' });
const after = { ...before, state: 'acknowledged' as const };

it('is put into lists, pages, its own page and the overview', () => {
  expect(withAlert({ items: [other, before], groups: [] }, after)).toEqual({ items: [other, after], groups: [] });
  expect(withAlert({ pages: [{ items: [before] }, { items: [other] }] }, after)).toEqual({
    pages: [{ items: [after] }, { items: [other] }],
  });
  expect(withAlert({ alert: before, explanation: [] }, after)).toEqual({ alert: after, explanation: [] });
  const overview = { services: null, alerts: { items: [before], more: 0 } };
  expect(withAlert(overview, after).alerts.items).toEqual([after]);
});

it('leaves alone what does not hold it', () => {
  for (const answer of [
    undefined,
    null,
    'text',
    { series: [] },
    { items: [other] },
    { alert: other },
    { items: [{ id: 'a' }] },
  ]) {
    expect(withAlert(answer, after)).toBe(answer);
  }
});
