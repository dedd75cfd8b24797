import { expect, test } from 'vitest';
import { parseAttributes } from './rows.ts';

test('whole numbers that a double cannot hold stay as they were', () => {
  const text =
    '{"id":9223372036854775807,"deep":{"n":-9007199254740993},"safe":9007199254740991,"d":1.5,"t":"12345678901234567890"}';
  expect(parseAttributes(text)).toEqual({
    id: '9223372036854775807',
    deep: { n: '-9007199254740993' },
    safe: 9007199254740991,
    d: 1.5,
    t: '12345678901234567890',
  });
});
