import { expect, it } from 'vitest';
import { amtoolCommand, durations, silenceTimes } from './silence-time.ts';

const now = Date.parse('2026-11-21T14:30:00Z');

it('a silence begins now and lasts as long as chosen', () => {
  expect(silenceTimes({ start: '', duration: '2h', end: '' }, now)).toEqual({
    startsAt: undefined,
    endsAt: '2026-11-21T16:30:00.000Z',
  });
});

it('a later start moves the end', () => {
  const later = '2026-11-22T02:00';
  const { startsAt, endsAt } = silenceTimes({ start: later, duration: '1h', end: '' }, now);
  expect(Date.parse(startsAt ?? '')).toBe(Date.parse(later));
  expect(Date.parse(endsAt ?? '') - Date.parse(startsAt ?? '')).toBe(3_600_000);
});

it('says where a time is none', () => {
  expect(silenceTimes({ start: '', duration: 'until', end: '' }, now).endsAt).toBeUndefined();
  expect(silenceTimes({ start: 'x', duration: '1h', end: '' }, now)).toEqual({
    startsAt: undefined,
    endsAt: undefined,
  });
});

it('every duration is within what the API takes', () => {
  for (const { ms } of durations) expect(ms).toBeLessThanOrEqual(30 * 86_400_000);
});

it('writes a command that a shell takes as it stands, whatever the reason', () => {
  const matchers = [{ name: 'alertname', value: "it's", isRegex: true, isEqual: false }];
  expect(amtoolCommand('http://am:9093', matchers, { endsAt: '2026-11-21T16:30:00.000Z' }, "don't; $(rm)")).toBe(
    `amtool silence add --alertmanager.url='http://am:9093' --end='2026-11-21T16:30:00.000Z' --comment='don'\\''t; $(rm)' 'alertname!~"it'\\''s"'`,
  );
});
