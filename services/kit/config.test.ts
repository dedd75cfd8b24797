import { describe, expect, it } from 'vitest';
import { baseShape, ConfigError, integer, loadConfig, postgresUrl, ratio, secret } from './config.ts';

function problemsOf(shape: Parameters<typeof loadConfig>[0], env: Record<string, string>): readonly string[] {
  try {
    loadConfig(shape, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

describe('loadConfig', () => {
  it('fills in defaults and converts types', () => {
    const config = loadConfig(baseShape, { SERVICE_NAME: 'product', PORT: '8080', TRACES_SAMPLE_RATIO: '.5' });
    expect(config).toMatchObject({ SERVICE_NAME: 'product', PORT: 8080, TRACES_SAMPLE_RATIO: 0.5, LOG_LEVEL: 'info' });
  });

  it('counts an empty variable as absent', () => {
    expect(loadConfig(baseShape, { SERVICE_NAME: 'product', REGISTRY_URL: '' }).REGISTRY_URL).toBeUndefined();
  });

  it('names every problem at once and says what would be right', () => {
    const problems = problemsOf(
      { ...baseShape, DATABASE_URL: postgresUrl(), ERROR_RATIO: ratio('0.01').default(0) },
      { PORT: 'eighty', LOG_LEVEL: 'loud', ERROR_RATIO: '1.5' },
    );
    expect(problems).toEqual([
      'SERVICE_NAME is missing; expected letters, digits, ".", "_" or "-", for example product',
      'PORT ("eighty") is not an integer; expected a port from 0 to 65535 (0 takes a free one), for example 8080',
      'LOG_LEVEL ("loud") is not a level; expected one of trace, debug, info, warn, error, fatal',
      'DATABASE_URL is missing; expected a URL with the scheme postgres or postgresql, for example postgres://product:password@127.0.0.1:5432/fleet',
      'ERROR_RATIO ("1.5") is more than 1; expected a ratio from 0 to 1, for example 0.01',
    ]);
  });

  it('never repeats a secret or the password of a URL', () => {
    const problems = problemsOf(
      { TOKEN: secret(16), DATABASE_URL: postgresUrl() },
      { TOKEN: 'hunter2', DATABASE_URL: 'mysql://root:hunter2@db/shop' },
    ).join('\n');
    expect(problems).not.toContain('hunter2');
    expect(problems).toContain('TOKEN is shorter than 16 characters');
  });

  it('checks bounds', () => {
    expect(problemsOf({ N: integer(1, 5, 'one to five') }, { N: '6' })).toEqual([
      'N ("6") is more than 5; expected one to five',
    ]);
  });
});
