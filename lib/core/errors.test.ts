import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { AppError, errorCodes, fieldPath, invalidFields, parseInput } from './errors.ts';

describe('a field path', () => {
  test.each([
    [[], ''],
    [['name'], 'name'],
    [['items', 0, 'name'], 'items[0].name'],
    [[2, 'name'], '[2].name'],
    [['scope', 'services', 3], 'scope.services[3]'],
  ])('%j reads %s', (path, text) => {
    expect(fieldPath(path)).toBe(text);
  });
});

describe('parsing input', () => {
  const schema = z.strictObject({ name: z.string('must be text'), tags: z.array(z.int('must be a whole number')) });

  test('gives the parsed value', () => {
    expect(parseInput(schema, { name: 'a', tags: [1] })).toEqual({ name: 'a', tags: [1] });
  });

  test('names every bad field at once, and the first one in its sentence', () => {
    const error = (() => {
      try {
        parseInput(schema, { tags: [1, 'x'] });
      } catch (thrown) {
        return thrown as AppError;
      }
    })();
    expect(error).toMatchObject({ code: 'request.invalid', status: 400, detail: 'name: must be text' });
    expect(error?.errors).toEqual([
      { path: 'name', code: 'invalid_type', message: 'must be text' },
      { path: 'tags[1]', code: 'invalid_type', message: 'must be a whole number' },
    ]);
  });

  test('of nothing to say still says something', () => {
    expect(invalidFields([]).detail).toBe('The input is not valid');
  });
});

describe('the registry of errors', () => {
  test.each(Object.entries(errorCodes))('%s has a status and a title', (code, [status, title]) => {
    expect(code).toMatch(/^[a-z]+\.[a-z_]+$/);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(600);
    expect(title).toMatch(/^[A-Z].*[^.]$/);
  });
});

describe('an AppError', () => {
  class Special extends AppError {}

  test('is known by its mark, so that a second copy of the module knows it too', () => {
    const foreign = Object.assign(new Error('x'), { [Symbol.for('quarterdeck.AppError')]: true });
    expect(foreign).toBeInstanceOf(AppError);
    expect(new Error('x')).not.toBeInstanceOf(AppError);
    expect(null).not.toBeInstanceOf(AppError);
  });

  test('is not taken for one of its subclasses', () => {
    const plain = new AppError('server.failed', 'x');
    expect(plain).not.toBeInstanceOf(Special);
    expect(new Special('server.failed', 'x')).toBeInstanceOf(Special);
    expect(new Special('server.failed', 'x')).toBeInstanceOf(AppError);
  });
});
