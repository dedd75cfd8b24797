import { afterEach, describe, expect, it } from 'vitest';
import { Readiness } from './health.ts';
import { type TestServer, testServer } from './testing/server.ts';

let server: TestServer | undefined;
afterEach(async () => {
  await server?.app.close();
  server = undefined;
});

const away = () => Promise.reject(new Error('connect ECONNREFUSED 127.0.0.1:5432'));

describe('/healthz', () => {
  it('is fine while the process lives, whatever it depends on', async () => {
    server = await testServer(() => {}, { dependencies: [{ name: 'postgres', check: away }] });
    expect((await server.app.inject('/healthz')).statusCode).toBe(200);
  });
});

describe('/readyz', () => {
  it('lists what it looked at', async () => {
    server = await testServer(() => {}, { dependencies: [{ name: 'postgres', check: () => {} }] });
    const answer = await server.app.inject('/readyz');
    expect([answer.statusCode, answer.json()]).toEqual([
      200,
      { status: 'ready', checks: [{ name: 'postgres', status: 'ok' }] },
    ]);
  });

  it('names each dependency that is away, its error, and since when', async () => {
    server = await testServer(() => {}, {
      dependencies: [
        { name: 'postgres', check: away },
        { name: 'cache', check: () => {} },
      ],
    });
    const answer = await server.app.inject('/readyz');
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json()).toMatchObject({
      code: 'service.dependency_away',
      errors: [{ path: 'postgres', code: 'unavailable' }],
    });
    expect(answer.json().detail).toMatch(
      /^postgres is away since \d{4}-.*Z: connect ECONNREFUSED 127\.0\.0\.1:5432\.$/,
    );
  });

  it('is degraded, not failing, without an optional dependency', async () => {
    server = await testServer(() => {}, { dependencies: [{ name: 'cache', optional: true, check: away }] });
    const answer = await server.app.inject('/readyz');
    expect([answer.statusCode, answer.json().status, answer.json().checks[0].status]).toEqual([
      200,
      'degraded',
      'degraded',
    ]);
  });

  it('says that the instance drains', async () => {
    server = await testServer(() => {});
    server.readiness.drain();
    const answer = await server.app.inject('/readyz');
    expect([answer.statusCode, answer.json().code]).toEqual([503, 'service.draining']);
  });
});

describe('Readiness', () => {
  it('keeps the instant of the first failure and recovers', async () => {
    let broken = true;
    server = await testServer(() => {}, {
      dependencies: [{ name: 'postgres', check: () => (broken ? away() : undefined) }],
    });
    const { readiness } = server;
    const since = readiness.report()[0]?.since;
    await readiness.check(0);
    expect(readiness.report()[0]?.since).toBe(since);
    broken = false;
    await readiness.check(0);
    expect(readiness.ready).toBe(true);
    expect(server.lines.map((line) => line.msg)).toEqual(
      expect.arrayContaining(['postgres is away', 'postgres answers again']),
    );
  });

  it('takes a check that hangs for a failure after two seconds', async () => {
    server = await testServer(() => {});
    const readiness = new Readiness([{ name: 'postgres', check: () => new Promise(() => {}) }], server.log);
    await readiness.check(0);
    expect(readiness.report()).toMatchObject([{ status: 'failing', error: 'no answer within 2000 ms' }]);
  });

  it('tells when readiness turns', async () => {
    server = await testServer(() => {});
    let broken = false;
    let turned = 0;
    const readiness = new Readiness([{ name: 'postgres', check: () => (broken ? away() : undefined) }], server.log);
    await readiness.start(10, () => turned++);
    broken = true;
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect([turned, readiness.ready]).toEqual([1, false]);
    readiness.drain();
  });
});
