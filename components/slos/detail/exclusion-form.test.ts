import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ExclusionForm, fromField, readExclusionForm, toField } from './exclusion-form.ts';

const nowMs = Date.parse('2026-11-21T14:30:00Z');
const context = { zone: 'utc', nowMs, ledgerFromMs: Date.parse('2026-10-01T00:00:00Z') } as const;
const form: ExclusionForm = {
  kind: 'maintenance',
  from: '2026-11-05T02:00',
  to: '2026-11-05T02:20',
  reason: ' Database upgrade ',
  announcedAt: '2026-11-01T09:00',
  announcement: 'https://status.example/42',
};
const fields = (change: Partial<ExclusionForm>) =>
  readExclusionForm({ ...form, ...change }, context).problems.map(({ path, code }) => `${path} ${code}`);

describe('times of the form', () => {
  it('are read in the zone in which they are written', () => {
    expect(toField(nowMs, 'utc')).toBe('2026-11-21T14:30');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), (ms) => {
        const minute = Math.floor(ms / 60_000) * 60_000;
        expect(fromField(toField(minute, 'utc'), 'utc')).toBe(minute);
      }),
    );
  });

  it.each(['', 'yesterday', '2026-11-21', '2026-13-45T99:99'])('%j is none', (text) => {
    expect(fromField(text, 'utc')).toBeNull();
  });
});

describe('an exclusion', () => {
  it('is sent with instants and without what is empty', () => {
    expect(readExclusionForm(form, context).body).toEqual({
      kind: 'maintenance',
      from: '2026-11-05T02:00:00.000Z',
      to: '2026-11-05T02:20:00.000Z',
      reason: 'Database upgrade',
      announcedAt: '2026-11-01T09:00:00.000Z',
      announcement: 'https://status.example/42',
    });
    const error = readExclusionForm({ ...form, kind: 'measurement_error' }, context).body;
    expect(error).not.toHaveProperty('announcedAt');
    expect(error).not.toHaveProperty('announcement');
  });

  it.each<[Partial<ExclusionForm>, string[]]>([
    [{ from: '' }, ['from required']],
    [{ from: '', to: '', reason: '  ' }, ['from required', 'to required', 'reason required']],
    [{ to: '2026-11-05T01:00' }, ['to order']],
    [{ announcedAt: '' }, ['announcedAt required']],
    [{ announcedAt: '2026-11-05T02:10' }, ['announcedAt too_late']],
    [{ kind: 'measurement_error', to: '2026-11-22T02:00' }, ['to not_over']],
    [{ from: '2026-09-01T00:00', to: '2026-09-02T00:00', announcedAt: '2026-08-01T00:00' }, ['to before_ledger']],
  ])('%o is refused: %o', (change, wrong) => expect(fields(change)).toEqual(wrong));
});
