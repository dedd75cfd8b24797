import { describe, expect, test } from 'vitest';
import type { LogFacets } from '#lib/logs/schemas.ts';
import { stageOf, suggestKeys, suggestValues } from './suggest.ts';
import { parseLine } from './terms.ts';

const facets: LogFacets = {
  services: ['order', 'payment'],
  attributes: [
    { key: 'http.route', indexed: true },
    { key: 'route', indexed: true },
    { key: 'process.pid', indexed: false },
    { key: 'with space', indexed: true },
  ],
  notes: [],
  sources: [],
};
const labels = (list: { label: string }[]) => list.map(({ label }) => label);

test.each([
  ['', { kind: 'key', text: '' }],
  ['rou', { kind: 'key', text: 'rou' }],
  ['route = /a', { kind: 'value', key: 'route', operator: '=', text: '/a' }],
  ['reason != "no fu', { kind: 'value', key: 'reason', operator: '!=', text: 'no fu' }],
  ['level >= ', { kind: 'value', key: 'level', operator: '>=', text: '' }],
])('%j', (draft, stage) => expect(stageOf(draft)).toEqual(stage));

describe('what is offered', () => {
  test('names that begin so before names that contain it, and the text itself first', () => {
    expect(labels(suggestKeys('route', facets))).toEqual(['“route”', 'route', 'http.route']);
    expect(labels(suggestKeys('', facets))).toEqual([
      'service',
      'level',
      'trace',
      'http.route',
      'route',
      'process.pid',
    ]);
  });

  test('values, and what was written where it is none of them', () => {
    const stage = stageOf('route = /a') as Extract<ReturnType<typeof stageOf>, { kind: 'value' }>;
    expect(labels(suggestValues(stage, ['/b', '/x/a', '/a/c']))).toEqual(['/a/c', '/x/a', '/a']);
    const empty = { ...stage, text: '' };
    expect(labels(suggestValues(empty, ['/b']))).toEqual(['/b', 'any value']);
  });

  test('each whole one can be read', () => {
    for (const draft of ['reason = no', 'service = ', 'level >= ', 'route != ']) {
      const stage = stageOf(draft) as Extract<ReturnType<typeof stageOf>, { kind: 'value' }>;
      const values = stage.key === 'level' ? ['warn'] : ['no funds', 'a "quoted" one', 'plain', ''];
      for (const { text, isDone } of suggestValues(stage, values)) {
        if (text !== 'service = ""') expect([text, isDone, Array.isArray(parseLine(text))]).toEqual([text, true, true]);
      }
    }
  });
});
