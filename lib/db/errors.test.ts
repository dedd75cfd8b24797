import { describe, expect, test } from 'vitest';
import { AppError } from '#lib/core/errors.ts';
import { databaseError, isUnavailable, isUniqueViolation } from './errors.ts';

/** As Prisma 7 with `@prisma/adapter-pg` throws them; what a real Postgres does is tested beside this. */
const prisma = (code: string, cause: object = {}, message = 'Invalid `prisma.person.findMany()` invocation') =>
  Object.assign(new Error(message), {
    name: 'PrismaClientKnownRequestError',
    code,
    meta: { driverAdapterError: { name: 'DriverAdapterError', cause } },
  });
const coded = (code: string, message = 'x') => Object.assign(new Error(message), { code });

describe('an error of the database', () => {
  test.each<[string, unknown, string | null]>([
    ['the ORM cannot reach it', prisma('P1001', { kind: 'DatabaseNotReachable' }), 'database.unavailable'],
    ['raw SQL cannot reach it', prisma('P2010', { kind: 'DatabaseNotReachable' }), 'database.unavailable'],
    ['it shuts down', prisma('P2010', { originalCode: '57P01', kind: 'postgres' }), 'database.unavailable'],
    ['it starts', prisma('P2039', { originalCode: '57P03', kind: 'postgres' }), 'database.unavailable'],
    ['it has too many connections', prisma('P2037', { originalCode: '53300' }), 'database.unavailable'],
    [
      'it is not there',
      prisma('P2010', { originalCode: '3D000', kind: 'DatabaseDoesNotExist' }),
      'database.unavailable',
    ],
    [
      'it does not know us',
      prisma('P1010', { originalCode: '28000', kind: 'DatabaseAccessDenied' }),
      'database.unavailable',
    ],
    [
      'no transaction begins',
      prisma('P2028', {}, 'Unable to start a transaction in the given time.'),
      'database.unavailable',
    ],
    ['no connection is free', new Error('timeout exceeded when trying to connect'), 'database.unavailable'],
    [
      'a connection breaks between two statements',
      new Error('Client has encountered a connection error and is not queryable'),
      'database.unavailable',
    ],
    ['a connection falls silent', new Error('Query read timeout'), 'database.unavailable'],
    ['a connection breaks', new Error('Connection terminated unexpectedly'), 'database.unavailable'],
    ['the driver is refused', coded('ECONNREFUSED'), 'database.unavailable'],
    ['all addresses refuse', new AggregateError([coded('ECONNREFUSED')]), 'database.unavailable'],
    ['the driver sees a shutdown', coded('57P01'), 'database.unavailable'],
    ['a statement takes too long', prisma('P2010', { originalCode: '57014', kind: 'postgres' }), 'database.timeout'],
    ['a lock takes too long', prisma('P2039', { originalCode: '55P03', kind: 'postgres' }), 'database.timeout'],
    ['a transaction takes too long', prisma('P2028', {}, 'expired transaction'), 'database.timeout'],
    ['two transactions wait for each other', prisma('P2034', { originalCode: '40P01' }), 'database.conflict'],
    ['a value exists', prisma('P2002', { originalCode: '23505' }), null],
    ['a check fails', prisma('P2010', { originalCode: '23514' }), null],
    ['a table is missing', prisma('P2010', { originalCode: '42P01' }), null],
    ['another system is away', new TypeError('fetch failed', { cause: coded('ECONNREFUSED') }), null],
    ['a person wrote the words', prisma('P2010', { originalCode: '22P02' }, 'uuid: "Connection terminated"'), null],
    ['anything else', new Error('x'), null],
    ['no error at all', 'ECONNREFUSED', null],
  ])('when %s', (_, error, code) => {
    const told = databaseError(error);
    expect(told?.code ?? null).toBe(code);
    expect(isUnavailable(error)).toBe(code === 'database.unavailable');
    if (told) expect(told).toBeInstanceOf(AppError);
  });
});

test.each([
  [prisma('P2002', { originalCode: '23505' }), true],
  [prisma('P2010', { originalCode: '23505' }), true],
  [coded('23505'), true],
  [prisma('P2010', { originalCode: '23514' }, 'key 23505'), false],
  [null, false],
  [undefined, false],
])('a unique value that exists is told from the rest (%#)', (error, expected) => {
  expect(isUniqueViolation(error)).toBe(expected);
});
