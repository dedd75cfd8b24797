import { describe, expect, it } from 'vitest';
import { alertLook, evidenceLinks, timeOf } from './words.ts';

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
