import fc from 'fast-check';
import { expect, test } from 'vitest';
import { logLevels } from '#lib/logs/schemas.ts';
import { apiFilters, type LogsView, mostAround, parseLogsView, writeLogsView } from './logs-url.ts';

const text = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme-ascii' }).filter((value) => value.trim() !== '');
const view: fc.Arbitrary<LogsView> = fc.record({
  services: fc.uniqueArray(text, { maxLength: 3 }),
  level: fc.option(fc.constantFrom(...logLevels)),
  words: fc.uniqueArray(text, { maxLength: 3 }),
  trace: fc.option(fc.constant('ab'.repeat(16))),
  span: fc.option(fc.constant('cd'.repeat(8))),
  attributes: fc.uniqueArray(fc.stringMatching(/^[a-z.]{1,5}(=|!=)[ -~]{0,6}$/), { maxLength: 3 }),
  source: fc.option(fc.constant('loki')),
  isTailing: fc.boolean(),
  isWrapped: fc.boolean(),
  line: fc.option(fc.record({ id: fc.constant('embedded:ab'), timeNs: fc.constant('17') })),
  around: fc.constant(0),
});

test('a view is read back from its address, and other parameters stay', () => {
  fc.assert(
    fc.property(view, (wanted) => {
      const params = new URLSearchParams('env=staging&from=now-5m&service=old&attr=old');
      writeLogsView(params, wanted);
      const again = new URLSearchParams(params.toString());
      expect(parseLogsView(again)).toEqual(wanted);
      expect([again.get('env'), again.get('from')]).toEqual(['staging', 'now-5m']);
    }),
  );
});

test('what cannot be read is left out', () => {
  const params = new URLSearchParams(
    `level=loud&trace=xyz&span=%20&attr==x&attr=ok%3D1&service=&line=abc&around=-4&tail=yes&text=${'%20'.repeat(9)}`,
  );
  expect(parseLogsView(params)).toEqual({
    services: [],
    level: null,
    words: [],
    trace: null,
    span: null,
    attributes: ['ok=1'],
    source: null,
    isTailing: false,
    isWrapped: false,
    line: null,
    around: 0,
  });
  expect(parseLogsView(new URLSearchParams('around=9999')).around).toBe(mostAround);
});

test('the API gets words as one text, phrases in quotes', () => {
  const filters = apiFilters(parseLogsView(new URLSearchParams({ text: 'card "no funds"' })));
  expect(filters).toMatchObject({ text: 'card "no funds"', service: [], attribute: [], level: undefined });
});
