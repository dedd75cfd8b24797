import { describe, expect, it } from 'vitest';
import type { Change } from '#lib/facts/change-queries.ts';
import type { FoundTrace } from '#lib/traces/schemas.ts';
import {
  askedCohort,
  boxOfCohort,
  cohortChoices,
  cohortSentence,
  cohortWords,
  isSelected,
  timeWords,
  withinCohort,
} from './cohort.ts';
import type { Cohort } from './cohort-url.ts';
import { anything } from './search-url.ts';

const at = (clock: string) => Date.parse(`2026-11-21T${clock}:00Z`);
const range = { fromMs: at('13:30'), toMs: at('14:30') };
const found = (clock: string, durationMs: number, status: FoundTrace['match']['status'] = 'unset') => ({
  match: { spanId: null, service: 'payment', name: 'POST /charges', startNs: `${at(clock)}000000`, durationMs, status },
});
const change = (id: string, kind: string, clock: string, endAt: number | null = null): Change => ({
  id,
  kind,
  startAt: at(clock),
  endAt,
  title: id,
  who: 'somebody',
  services: [],
});
const box: Cohort = { kind: 'box', fromMs: at('14:02'), toMs: at('14:30'), minMs: 1_150, maxMs: 2_600 };

describe('what belongs to a selection', () => {
  it.each<[Cohort, boolean, boolean]>([
    [{ kind: 'errors' }, true, false],
    [{ kind: 'slow', slowMs: 1_000 }, true, false],
    [{ kind: 'after', atMs: at('14:00') }, true, false],
    [{ kind: 'window', fromMs: at('14:00'), toMs: at('14:20') }, true, false],
    [box, true, false],
  ])('%o', (cohort, bad, good) => {
    expect(isSelected(found('14:10', 1_700, 'error'), cohort)).toBe(bad);
    expect(isSelected(found('13:40', 170), cohort)).toBe(good);
  });
  it('has its edges in it', () => {
    expect(isSelected(found('14:02', 1_150), box)).toBe(true);
    expect(isSelected(found('14:30', 2_600), box)).toBe(true);
    expect(isSelected(found('14:30', 2_600.1), box)).toBe(false);
  });
});

describe('a selection', () => {
  it('is asked for in the words of the API', () => {
    expect(askedCohort(box)).toEqual({
      cohort: 'box',
      boxFrom: '2026-11-21T14:02:00.000Z',
      boxTo: '2026-11-21T14:30:00.000Z',
      boxMinMs: 1_150,
      boxMaxMs: 2_600,
    });
    expect(askedCohort({ kind: 'after', atMs: at('14:00') })).toEqual({
      cohort: 'after',
      at: '2026-11-21T14:00:00.000Z',
    });
  });
  it('is drawn as a box where it is one', () => {
    expect(boxOfCohort({ kind: 'errors' })).toBeNull();
    expect(boxOfCohort({ kind: 'slow', slowMs: 800 })).toMatchObject({ min: 800, toMs: Number.POSITIVE_INFINITY });
  });
  it('narrows the search of its list down and never widens it', () => {
    const filters = { ...anything, minMs: 2_000, maxMs: 2_400 };
    expect(withinCohort(filters, box, range)).toEqual({
      filters,
      ends: { fromMs: at('14:02'), toMs: range.toMs },
    });
    expect(withinCohort(anything, box, range).filters).toMatchObject({ minMs: 1_150, maxMs: 2_600 });
    expect(withinCohort(filters, { kind: 'slow', slowMs: 900 }, range).filters.minMs).toBe(2_000);
    expect(withinCohort(anything, { kind: 'errors' }, range)).toEqual({
      filters: { ...anything, status: 'error' },
      ends: null,
    });
  });
  it('that lies outside the range asks for a range that is not turned round', () => {
    const { ends } = withinCohort(anything, { kind: 'window', fromMs: at('11:00'), toMs: at('12:00') }, range);
    expect(ends && ends.toMs > ends.fromMs).toBe(true);
  });
});

describe('a selection in words', () => {
  it.each([
    ['14:02', '14:30', 'since 14:02'],
    ['13:30', '14:10', 'until 14:10'],
    ['13:40', '14:10', 'from 13:40 to 14:10'],
    ['13:30', '14:30', ''],
  ])('from %s to %s is “%s”', (from, to, words) =>
    expect(timeWords({ fromMs: at(from), toMs: at(to) }, range, 'utc')).toBe(words),
  );
  it('says seconds where minutes would be too coarse', () => {
    expect(timeWords({ fromMs: at('14:02') + 5_000, toMs: at('14:03') }, range, 'utc')).toBe(
      'from 14:02:05 to 14:03:00',
    );
  });
  it('names what it came after', () => {
    const deploy = change('payment 4.2.0', 'deploy', '14:00');
    expect(cohortWords({ kind: 'after', atMs: at('14:00') }, range, 'utc', [deploy])).toBe(
      'after “payment 4.2.0” at 14:00',
    );
    expect(cohortWords({ kind: 'after', atMs: at('14:00') }, range, 'utc', [])).toBe('after 14:00:00');
  });
  it('is the sentence of the design', () => {
    const words = cohortWords(box, range, 'utc');
    expect(cohortSentence(words, { selected: 33, errors: 33, drawn: 640, isAll: true })).toBe(
      'Selection: 33 traces, 1.15 to 2.6 s since 14:02, 33 with errors',
    );
  });
  it('says of how many where only a part is drawn', () => {
    expect(cohortSentence('those with errors', { selected: 1, errors: null, drawn: 1_000, isAll: false })).toBe(
      'Selection: 1 of the 1,000 traces drawn, those with errors',
    );
  });
});

describe('what can be selected by a button', () => {
  const points = Array.from({ length: 40 }, (_, i) => found('14:00', 100 + i, i < 4 ? 'error' : 'ok'));
  const ids = (given: readonly Pick<FoundTrace, 'match'>[], changes: readonly Change[]) =>
    cohortChoices(given, changes, range, 'utc').map(({ label }) => label);
  it('are errors, the slowest twentieth, and what facts offer, the newest first', () => {
    const changes = [
      change('payment 4.2.0', 'deploy', '14:00'),
      change('latency', 'fault', '14:05', at('14:15')),
      change('burn', 'alert', '14:06'),
      change('before', 'deploy', '13:00'),
    ];
    expect(ids(points, changes)).toEqual([
      'Errors',
      'Slow, 130 ms or longer',
      'During “latency”',
      'After “payment 4.2.0”, 14:00',
    ]);
  });
  it('keeps what is slow while it is selected, and takes what still goes on to be what came after its start', () => {
    const present: Cohort = { kind: 'slow', slowMs: 77 };
    const offered = cohortChoices(points, [change('outage', 'incident', '14:05')], range, 'utc', present);
    expect(offered.map(({ cohort }) => cohort)).toEqual([
      { kind: 'errors' },
      present,
      { kind: 'after', atMs: at('14:05') },
    ]);
  });
  it('offers no selection that would be all or nothing', () => {
    expect(ids([], [])).toEqual([]);
    expect(
      ids(
        points.map(({ match }) => ({ match: { ...match, status: 'error', durationMs: 5 } })),
        [],
      ),
    ).toEqual([]);
  });
});
