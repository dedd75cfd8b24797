import { expect, test } from 'vitest';
import { changesIn, importSentence } from './import-words.ts';

type Outcome = 'created' | 'updated' | 'unchanged' | 'refused';
const answer = (...outcomes: Outcome[]) => ({
  items: outcomes.map((outcome, i) => ({
    name: `slo-${i}`,
    environment: 'production',
    outcome,
    reason: null,
    line: 1,
    changes: [],
  })),
});

test.each([
  [answer('created'), 'Create 1 SLO', '1 SLO created.'],
  [answer('created', 'created', 'updated'), 'Create 2 SLOs, change 1', '2 SLOs created, 1 updated.'],
  [answer('updated', 'refused', 'unchanged'), 'Change 1 SLO', '1 SLO updated, 1 unchanged, 1 refused.'],
])('an import says what it does', (found, verb, done) => {
  expect(importSentence(found, 'verb')).toBe(verb);
  expect(importSentence(found, 'done')).toBe(done);
});

test('an import without an SLO changes nothing and says so', () => {
  expect(changesIn(answer())).toBe(0);
  expect(importSentence(answer(), 'done')).toBe('There is no SLO in it.');
  expect(changesIn(answer('unchanged', 'refused'))).toBe(0);
});
