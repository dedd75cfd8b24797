import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseChange } from './notify.ts';

describe('what comes over the channel', () => {
  test('is read when it is ours', () => {
    expect(parseChange('{"topic":"facts","id":"1","audience":"everyone","more":1}')).toEqual({
      topic: 'facts',
      id: '1',
      audience: 'everyone',
    });
  });

  test.each([
    undefined,
    '',
    'hello',
    'null',
    '1',
    '[]',
    '{}',
    '{"topic":"facts"}',
    '{"topic":1,"id":"1","audience":"x"}',
  ])('is passed over otherwise: %j', (payload) => {
    expect(parseChange(payload)).toBeNull();
  });

  test('never throws', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (payload) => void parseChange(payload)));
  });
});
