import { describe, expect, it } from 'vitest';
import { alertLook, alertTitle, evidenceLinks, timeOf, windowsOf, windowWords } from './words.ts';

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

describe('alertLook', () => {
  it('is that of the severity while it holds, quieter once somebody has it', () => {
    expect(alertLook({ state: 'firing', severity: 'page' })).toEqual({ state: 'failing', word: 'page' });
    expect(alertLook({ state: 'acknowledged', severity: 'page' })).toMatchObject({ word: 'page', tone: 'dim' });
    expect(alertLook({ state: 'silenced', severity: 'page' }).word).toBe('silenced');
  });
});

describe('links', () => {
  const startsAt = '2026-11-21T14:00:00.000Z';

  it('look at the time round the alert, up to now while it fires', () => {
    expect(timeOf({ startsAt, resolvedAt: null })).toEqual({ from: '2026-11-21T13:45:00.000Z', to: 'now' });
    expect(timeOf({ startsAt, resolvedAt: '2026-11-21T15:00:00.000Z' }).to).toBe('2026-11-21T15:15:00.000Z');
  });

  it('are of its service, and there are none without one', () => {
    const links = evidenceLinks({ service: 'pay ment', environment: 'production', startsAt, resolvedAt: null });
    expect(links?.failed).toContain('service=pay+ment&status=error');
    expect(evidenceLinks({ service: null, environment: 'production', startsAt, resolvedAt: null })).toBeNull();
  });
});
