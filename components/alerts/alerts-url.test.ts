import { describe, expect, it } from 'vitest';
import { isFiltered, parseAlertsView, silenceHref, writeAlertsView } from './alerts-url.ts';

const read = (text: string) => parseAlertsView(new URLSearchParams(text));
const wrote = (text: string) => {
  const params = new URLSearchParams('env=staging');
  writeAlertsView(params, read(text));
  return params.toString();
};

describe('the address of alerts', () => {
  it('leads to all that holds when it says nothing', () => {
    const view = read('');
    expect(view).toMatchObject({
      view: 'alerts',
      states: [],
      severity: null,
      service: null,
      q: '',
      isSilencing: false,
    });
    expect(isFiltered(view)).toBe(false);
  });

  it('keeps filters and leaves out what it does not know', () => {
    const text = 'state=resolved&state=firing&state=odd&severity=page&service=payment&q=disk';
    expect(read(text).states).toEqual(['firing', 'resolved']);
    expect(wrote(text)).toBe('env=staging&state=firing&state=resolved&severity=page&service=payment&q=disk');
    expect(read('severity=huge&view=odd')).toMatchObject({ severity: null, view: 'alerts' });
  });

  it('carries what a silence begins with, and forgets it with the dialog', () => {
    const matchers = [{ name: 'alertname', value: 'Disk', isRegex: false, isEqual: true }];
    const href = silenceHref(matchers);
    const view = read(href.split('?')[1] ?? '');
    expect(view).toMatchObject({ isSilencing: true, matchers });
    const params = new URLSearchParams(href.split('?')[1]);
    writeAlertsView(params, { ...view, isSilencing: false });
    expect(params.toString()).toBe('');
  });

  it('survives matchers that are none', () => {
    expect(read('dialog=silence&matchers=%7B%7B').matchers).toEqual([]);
  });
});
