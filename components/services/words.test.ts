import { describe, expect, it } from 'vitest';
import { errorsSeen, rateText, replicasText, shareText, versionsText, versusLastWeek } from './words.ts';

describe('versusLastWeek', () => {
  it.each([
    [1840, 230, '×8.0 vs last week', true],
    [1120, 310, '×3.6 vs last week', true],
    [331, 22, '×15 vs last week', true],
    [310, 248, 'as last week', false],
    [100, 300, '×0.3 vs last week', false],
    [1, 300, '×0.00 vs last week', false],
  ])('says %d ms against %d ms as “%s”', (now, before, text, isWorse) =>
    expect(versusLastWeek(now, before)).toEqual({ text, isWorse }),
  );

  it('says that there is no history rather than comparing with nothing', () => {
    expect(versusLastWeek(120, null)?.text).toBe('no history yet');
    expect(versusLastWeek(120, 0)?.text).toBe('no history yet');
    expect(versusLastWeek(null, 120)).toBeNull();
  });
});

describe('figures of a row', () => {
  it.each([
    [0.124, '12.40 %'],
    [0, '0.00 %'],
    [0.00001, '< 0.01 %'],
    [1, '100 %'],
    [null, '–'],
  ])('writes the share %o as %s', (ratio, text) => expect(shareText(ratio)).toBe(text));

  it.each([
    [41.24, '41.2'],
    [212.4, '212'],
    [0, '0.0'],
    [0.01, '< 0.1'],
    [null, '–'],
  ])('writes the rate %o as %s', (rate, text) => expect(rateText(rate)).toBe(text));

  it('tells replicas with and without a wanted number', () => {
    expect(replicasText({ ready: 1, desired: 2, restartsLastHour: null })).toBe('1 / 2');
    expect(replicasText({ ready: 3, desired: null, restartsLastHour: null })).toBe('3');
    expect(replicasText(null)).toBe('–');
  });
});

describe('errorsSeen', () => {
  const red = (errorRatio: number | null) => ({
    rate: 10,
    errorRatio,
    p50Ms: 1,
    p95Ms: 1,
    p99Ms: 1,
    convention: 'otel',
    lastWeek: null,
  });

  it('takes the callers’ figures where the service itself is silent', () => {
    expect(errorsSeen({ red: null, callers: { rate: 4, errorRatio: 1 } })).toEqual({ ratio: 1, by: 'callers' });
  });

  it('takes the callers’ figures where they fail far more than the service says', () => {
    expect(errorsSeen({ red: red(0.001), callers: { rate: 4, errorRatio: 0.3 } }).by).toBe('callers');
    expect(errorsSeen({ red: red(0.28), callers: { rate: 4, errorRatio: 0.3 } }).by).toBe('service');
  });

  it('does not take figures of callers that call nothing', () => {
    expect(errorsSeen({ red: null, callers: { rate: 0, errorRatio: null } })).toEqual({ ratio: null, by: 'service' });
  });
});

describe('versionsText', () => {
  it('counts replicas only where there is more than one version', () => {
    expect(versionsText([{ version: '1.18.0', replicas: 3 }])).toBe('1.18.0');
    expect(
      versionsText([
        { version: '4.2.0', replicas: 2 },
        { version: '4.1.7', replicas: 2 },
      ]),
    ).toBe('4.2.0 on 2 of 4, 4.1.7 on 2 of 4 replicas');
    expect(versionsText([])).toBeNull();
  });
});
