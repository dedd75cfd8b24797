import { describe, expect, it } from 'vitest';
import { arrange, groupTitle, worstFirst } from './arrange.ts';
import { alertOf } from './testing/alerts.ts';

const group = (key: string, alerts: string[], labels: Record<string, string> = {}) => ({
  key,
  receiver: 'quarterdeck',
  labels,
  alerts,
});

describe('worstFirst', () => {
  it('puts what fires first, pages before tickets, the newest first, and the resolved last', () => {
    const alerts = [
      alertOf({ id: 'resolved', state: 'resolved', resolvedAt: '2026-11-21T14:20:00.000Z' }),
      alertOf({ id: 'silenced', state: 'silenced' }),
      alertOf({ id: 'acknowledged', state: 'acknowledged' }),
      alertOf({ id: 'ticket', severity: 'ticket' }),
      alertOf({ id: 'older', startsAt: '2026-11-21T13:00:00.000Z' }),
      alertOf({ id: 'newer', startsAt: '2026-11-21T14:10:00.000Z' }),
      alertOf({ id: 'other', severity: 'other' }),
      alertOf({ id: 'inhibited', state: 'inhibited' }),
    ];
    const order = alerts.sort(worstFirst).map(({ id }) => id);
    expect(order).toEqual(['newer', 'older', 'ticket', 'other', 'acknowledged', 'silenced', 'inhibited', 'resolved']);
  });
});

describe('arrange', () => {
  it('keeps a group together where its worst stands, under a heading', () => {
    const alerts = [
      alertOf({ id: 'quiet', state: 'silenced' }),
      alertOf({ id: 'ticket', severity: 'ticket' }),
      alertOf({ id: 'page' }),
    ];
    const entries = arrange(alerts, [group('a', ['quiet', 'page'])]);
    expect(entries.map(({ id }) => id)).toEqual(['group quarterdeck a', 'page', 'quiet', 'ticket']);
    expect(entries.at(-1)).toMatchObject({ grouped: false });
  });

  it('needs no heading for one, shows no alert twice, and knows alerts without a group', () => {
    const alerts = [alertOf({ id: 'one' }), alertOf({ id: 'two', severity: 'ticket' })];
    const groups = [group('a', ['one', 'gone']), group('b', ['one'])];
    expect(arrange(alerts, groups).map(({ id }) => id)).toEqual(['one', 'two']);
    expect(arrange([], groups)).toEqual([]);
  });

  it('arranges ten thousand without making anybody wait', () => {
    const alerts = Array.from({ length: 10_000 }, (_, i) =>
      alertOf({ id: `a${i}`, severity: i % 3 ? 'ticket' : 'page' }),
    );
    const groups = Array.from({ length: 2_500 }, (_, i) =>
      group(
        `g${i}`,
        [0, 1, 2, 3].map((n) => `a${i * 4 + n}`),
      ),
    );
    const before = performance.now();
    expect(arrange(alerts, groups)).toHaveLength(12_500);
    expect(performance.now() - before).toBeLessThan(3_000);
  });
});

describe('groupTitle', () => {
  it('says what they have in common', () => {
    const labels = {
      alertname: 'SLOBurnRate',
      slo: 'pay',
      service: 'payment',
      deployment_environment_name: 'production',
    };
    expect(groupTitle(group('a', [], labels))).toBe('pay · SLOBurnRate');
    expect(groupTitle(group('a', [], { alertname: 'Disk', zone: 'eu-1' }))).toBe('Disk · zone eu-1');
    expect(groupTitle(group('a', []))).toBe('all alerts of this receiver');
  });
});
