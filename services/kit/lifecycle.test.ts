import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createDrain } from './lifecycle.ts';
import type { Registration } from './registry/registration.ts';
import { waitFor } from './testing/process.ts';
import { testServer } from './testing/server.ts';

describe('a drain', () => {
  it('is not ready at once, leaves the registry, finishes what is in flight, then stops the rest and exits with 0', async () => {
    let answer: (() => void) | undefined;
    const { app, log, readiness } = await testServer((routes) => {
      routes.get(
        '/slow',
        () =>
          new Promise((resolve) => {
            answer = () => resolve({ done: true });
          }),
      );
    });
    await app.listen({ host: '127.0.0.1', port: 0 });
    const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
    const events: string[] = [];
    const registration: Registration = {
      announce: async () => {},
      deregister: async () => {
        events.push(`deregistered, ready: ${readiness.ready}`);
      },
    };
    const drain = createDrain({
      app,
      log,
      readiness,
      registration,
      delayMs: 100,
      stops: [
        () => void events.push('worker stopped'),
        () => Promise.reject(new Error('no')),
        () => void events.push('pool closed'),
      ],
      exit: (code) => void events.push(`exit ${code}`),
    });

    const slow = fetch(`${url}/slow`).then((response) => response.json());
    await waitFor(() => answer, 'the request');
    const drained = drain('SIGTERM');
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    expect(drain('SIGTERM')).toBe(drained);
    await new Promise((resolve) => setTimeout(resolve, 200));
    answer?.();
    expect(await slow).toEqual({ done: true });
    await drained;
    expect(events).toEqual(['deregistered, ready: false', 'worker stopped', 'pool closed', 'exit 0']);
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  });

  it('cuts off what takes longer than its limit, with 1', async () => {
    const { app, log, readiness } = await testServer(() => {});
    const codes: number[] = [];
    const drain = createDrain({
      app,
      log,
      readiness,
      registration: undefined,
      delayMs: 0,
      stops: [() => new Promise(() => {})],
      exit: (code) => void codes.push(code),
      limitMs: 50,
    });
    void drain('SIGTERM');
    await waitFor(() => codes.length > 0, 'the exit');
    expect(codes).toEqual([1]);
  });
});
