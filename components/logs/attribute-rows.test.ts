import { expect, test } from 'vitest';
import { attributeRows, briefly, prettyBody } from './attribute-rows.ts';

test('what is nested is laid flat, and only plain values at the top can be searched for', () => {
  const rows = attributeRows({
    route: '/a',
    n: 5,
    err: { type: 'X', stack: 'a\n  b', deep: { er: true } },
    list: [1, { a: 2 }],
    nothing: null,
    'with space': 'x',
    empty: {},
    long: 'x'.repeat(501),
  });
  expect(rows.map(({ path, text, filter }) => [path, text.slice(0, 12), filter?.value ?? null])).toEqual([
    ['route', '/a', '/a'],
    ['n', '5', '5'],
    ['err.type', 'X', null],
    ['err.stack', 'a\n  b', null],
    ['err.deep.er', 'true', null],
    ['list', '[1,{"a":2}]', null],
    ['nothing', 'null', null],
    ['with space', 'x', null],
    ['empty', '{}', null],
    ['long', 'xxxxxxxxxxxx', null],
  ]);
});

test('a row shows in short what its body does not say', () => {
  const attributes = {
    status: 200,
    reason: 'no funds',
    id: '2c14f258-7567-4bbc-9747-e7a23c0aaf64',
    err: { a: 1 },
    e: '',
  };
  expect(briefly(attributes, 'GET / 200')).toEqual([{ key: 'reason', text: 'no funds' }]);
});

test.each([
  ['{"a":[1,2]}', true, '{\n  "a": [\n    1,\n    2\n  ]\n}'],
  [' {"a":1}', false, '{\n  "a": 1\n}'],
  ['{half', true, '{half'],
  ['5 of 6', false, '5 of 6'],
])('the body %j is shown so', (body, bodyIsJson, text) => expect(prettyBody({ body, bodyIsJson })).toBe(text));
