import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide, type Observed, resolveAbsent } from './decide.ts';
import type { AlertRow } from './store.ts';

const base = Date.parse('2026-11-21T14:00:00Z');
const at = (minute: number) => new Date(base + minute * 60_000);
const now = at(600);

function observed(startsAt: number, more: Partial<Observed> = {}): Observed {
  return {
    fingerprint: 'aaaaaaaaaaaaaaaa',
    startsAt: at(startsAt),
    endsAt: null,
    status: 'firing',
    name: 'Burn',
    environment: 'production',
    service: 'order',
    slo: null,
    severity: 'page',
    labels: { alertname: 'Burn' },
    annotations: { summary: 'It burns' },
    generatorUrl: null,
    receivers: ['quarterdeck'],
    groups: [{ receiver: 'quarterdeck', labels: { alertname: 'Burn' } }],
    groupKey: 'k',
    ...more,
  };
}
const resolved = (startsAt: number, endsAt: number) => observed(startsAt, { status: 'resolved', endsAt: at(endsAt) });
const held = (startsAt: number, updatedAt: number, more: Partial<NonNullable<Observed['held']>> = {}) =>
  observed(startsAt, {
    endsAt: at(updatedAt + 5),
    held: { silencedBy: [], inhibitedBy: [], updatedAt: at(updatedAt), ...more },
  });

/** What is kept after several deliveries, one after the other. */
function keptAfter(...deliveries: Observed[][]) {
  let rows: AlertRow[] = [];
  let last = decide([], [], now);
  for (const delivery of deliveries) {
    rows = structuredClone(rows);
    last = decide(delivery, rows, now);
    rows = [...rows, ...last.inserted].sort((a, b) => a.starts_at.getTime() - b.starts_at.getTime());
  }
  const said = rows.map((row) => [
    (row.starts_at.getTime() - base) / 60_000,
    row.resolved_at ? (row.resolved_at.getTime() - base) / 60_000 : null,
  ]);
  return { rows, said, last, kinds: last.changes.map(({ kind }) => kind) };
}

describe('a delivery', () => {
  test('of a firing makes one, and sent again changes nothing', () => {
    expect(keptAfter([observed(0)])).toMatchObject({ said: [[0, null]], kinds: ['firing'] });
    const again = keptAfter([observed(0)], [observed(0)]);
    expect(again).toMatchObject({ said: [[0, null]], kinds: [] });
    expect([again.last.updated.size, again.last.touched.size]).toEqual([0, 1]);
  });

  test('of a resolution ends it where Alertmanager says, once', () => {
    expect(keptAfter([observed(0)], [resolved(0, 5)])).toMatchObject({ said: [[0, 5]], kinds: ['resolved'] });
    expect(keptAfter([observed(0)], [resolved(0, 5)], [resolved(0, 5)])).toMatchObject({ said: [[0, 5]], kinds: [] });
  });

  test('of a resolution whose firing was lost makes both', () => {
    expect(keptAfter([resolved(0, 5)])).toMatchObject({ said: [[0, 5]], kinds: ['firing', 'resolved'] });
  });

  test('of a firing after its resolution reopens nothing, but has the list asked', () => {
    const late = keptAfter([resolved(0, 5)], [observed(0)]);
    expect(late).toMatchObject({ said: [[0, 5]], kinds: [], last: { listWanted: true } });
  });

  test('of a later start is another firing, which ends the one before', () => {
    expect(keptAfter([observed(0)], [observed(10)])).toMatchObject({
      said: [
        [0, 10],
        [10, null],
      ],
      kinds: ['resolved', 'firing'],
    });
    expect(keptAfter([observed(0)], [resolved(0, 5)], [observed(10)]).said).toEqual([
      [0, 5],
      [10, null],
    ]);
  });

  test('of an earlier start is history', () => {
    expect(keptAfter([observed(10)], [observed(0)]).said).toEqual([
      [0, 10],
      [10, null],
    ]);
    expect(keptAfter([observed(10)], [observed(0)], [resolved(0, 5)]).said).toEqual([
      [0, 5],
      [10, null],
    ]);
  });

  test('of a resolution that covers the start that we know ends that, whatever start a member of the cluster knows', () => {
    expect(keptAfter([observed(1)], [resolved(0, 30)]).said).toEqual([[1, 30]]);
  });

  test('of a resolution never ends before the start, nor in the future', () => {
    expect(keptAfter([observed(10)], [resolved(10, 5)]).said).toEqual([[10, 10]]);
    expect(keptAfter([observed(10)], [resolved(10, 9_999)]).said).toEqual([[10, 600]]);
  });

  test('with new words takes them over', () => {
    const { rows, kinds } = keptAfter([observed(0)], [observed(0, { annotations: { summary: 'It burns more' } })]);
    expect([rows[0]?.summary, rows[0]?.version, kinds]).toEqual(['It burns more', 1, []]);
  });

  test('of a firing that is kept as quiet has the list asked', () => {
    const { last } = keptAfter([held(0, 1, { silencedBy: ['s'] })], [observed(0)]);
    expect(last.listWanted).toBe(true);
  });
});

describe('the list', () => {
  test('brings what was lost, and who quiets what', () => {
    const { rows, kinds } = keptAfter([held(0, 5, { silencedBy: ['s'] })]);
    expect([rows[0]?.silenced_by, kinds]).toEqual([['s'], ['firing', 'silenced']]);
    expect(keptAfter([held(0, 5, { silencedBy: ['s'] })], [held(0, 6, { inhibitedBy: ['f'] })]).kinds).toEqual([
      'unsilenced',
      'inhibited',
    ]);
    expect(keptAfter([held(0, 5, { silencedBy: ['s'] })], [held(0, 6, { silencedBy: ['s'] })]).kinds).toEqual([]);
  });

  test('reopens what it has heard of since, and nothing else', () => {
    expect(keptAfter([observed(0)], [resolved(0, 5)], [held(0, 4)])).toMatchObject({ said: [[0, 5]], kinds: [] });
    expect(keptAfter([observed(0)], [resolved(0, 5)], [held(0, 6)])).toMatchObject({
      said: [[0, null]],
      kinds: ['reopened'],
    });
  });

  test('with an earlier start has the firing that is known', () => {
    expect(keptAfter([observed(2)], [held(0, 6)])).toMatchObject({ said: [[2, null]], kinds: [] });
  });

  test('without an alert ends it at its end, or now where that is to come', () => {
    const { rows } = keptAfter([held(0, 5)], [observed(0)]);
    expect(resolveAbsent(structuredClone(rows), at(8)).changes[0]?.at).toEqual(at(8));
    expect(resolveAbsent(structuredClone(rows), at(60)).changes[0]?.at).toEqual(at(10));
  });

  test('is corrected by what Alertmanager says later', () => {
    const [row] = keptAfter([held(0, 5)]).rows as [AlertRow];
    resolveAbsent([row], at(60));
    const decision = decide([resolved(0, 7)], [row], now);
    expect([row.resolved_at, row.resolved_by]).toEqual([at(7), 'webhook']);
    const [other] = keptAfter([held(0, 5)]).rows as [AlertRow];
    resolveAbsent([other], at(60));
    expect(decide([resolved(0, 10)], [other], now).changes).toEqual([]);
    expect(other.resolved_by).toBe('webhook');
    expect(decision.changes).toMatchObject([{ kind: 'resolved', detail: { corrected: true } }]);
  });
});

test('whatever the order and however often, the newest firing ends as it was told, and only one fires', () => {
  const firings = fc.uniqueArray(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(firings, fc.boolean(), fc.infiniteStream(fc.nat()), (starts, lastEnds, random) => {
      const sorted = starts.map((start) => start * 10).sort((a, b) => a - b);
      const newest = sorted.at(-1) as number;
      const told = sorted.flatMap((start) => [
        observed(start),
        observed(start),
        ...(start === newest && !lastEnds ? [] : [resolved(start, start + 5), resolved(start, start + 5)]),
      ]);
      const shuffled = told.map((one) => [random.next().value, one] as const).sort((a, b) => a[0] - b[0]);
      const { said } = keptAfter(...shuffled.map(([, one]) => [one]));
      const expected = sorted.map((start) => [start, start === newest && !lastEnds ? null : start + 5]);
      expect(said).toEqual(expected);
      expect(keptAfter(shuffled.map(([, one]) => one)).said).toEqual(expected);
    }),
  );
});
