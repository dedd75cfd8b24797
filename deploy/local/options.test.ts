import { describe, expect, test } from 'vitest';
import { parseOptions, UsageError } from './options.ts';

describe('the command line of the demo', () => {
  test('without options uses the usual folder, rate and traffic', () => {
    expect(parseOptions([], '/repo')).toEqual({
      dataDir: '/repo/.quarterdeck',
      port: undefined,
      ratePerSecond: 20,
      traffic: true,
      history: true,
      reset: false,
    });
  });

  test('takes every option', () => {
    const args = ['--port', '3100', '--data', '../elsewhere', '--rate=50', '--no-traffic', '--no-history', '--reset'];
    expect(parseOptions(args, '/repo')).toEqual({
      dataDir: '/elsewhere',
      port: 3100,
      ratePerSecond: 50,
      traffic: false,
      history: false,
      reset: true,
    });
  });

  test('asks for help before anything else', () => {
    expect(parseOptions(['--reset', '--help'])).toBe('help');
  });

  test.each([
    [['--port', 'x'], '--port must be a whole number from 0 to 65535, not "x".'],
    [['--port', '70000'], '--port must be a whole number from 0 to 65535, not "70000".'],
    [['--rate', '0'], '--rate must be a whole number from 1 to 5000, not "0".'],
    [['--rate', '1.5'], '--rate must be a whole number from 1 to 5000, not "1.5".'],
    [['--rate', ''], '--rate must be a whole number from 1 to 5000, not "".'],
    [['--data', ''], '--data must be a folder.'],
    [['--prot', '1'], "Unknown option '--prot'."],
    [['folder'], "Unexpected argument 'folder'."],
  ])('refuses %j', (args, message) => {
    expect(() => parseOptions(args)).toThrow(UsageError);
    expect(() => parseOptions(args)).toThrow(message);
  });
});
