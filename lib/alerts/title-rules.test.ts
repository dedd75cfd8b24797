import { describe, expect, it } from 'vitest';
import { alertTitle, windowsOf, windowWords } from './title-rules.ts';

describe('windows', () => {
  it('are written as people write them, and what is none stays as it is', () => {
    expect(windowWords('30m')).toBe('30 min');
    expect(windowWords('3d')).toBe('3 d');
    expect(windowWords('soon')).toBe('soon');
  });

  it('are told of burn-rate alerts only', () => {
    expect(windowsOf({ labels: { long_window: '6h', short_window: '30m' } })).toBe('6 h / 30 min');
    expect(windowsOf({ labels: { long_window: '6h' } })).toBeNull();
  });
});

describe('alertTitle', () => {
  it('names the SLO and what is wrong with it', () => {
    const labels = {};
    expect(alertTitle({ name: 'SLOBurnRate', slo: 'payment-availability', labels })).toBe(
      'payment-availability burns its budget',
    );
    expect(alertTitle({ name: 'Mine', slo: 'payment-availability', labels })).toBe('payment-availability: Mine');
  });

  it('names where it is for what has no SLO', () => {
    const labels = { pod: 'db-1-x', instance: 'db-1' };
    expect(alertTitle({ name: 'DiskAlmostFull', slo: null, labels })).toBe('DiskAlmostFull on db-1');
    expect(alertTitle({ name: 'Watchdog', slo: null, labels: {} })).toBe('Watchdog');
  });
});
