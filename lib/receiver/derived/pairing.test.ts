import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { CallEnd } from '../decode/facts.ts';
import { type Call, createPairing } from './pairing.ts';

const waitMs = 10_000;

function end(key: string, isServer: boolean): CallEnd {
  const service = isServer ? 'payment' : 'order';
  return { key, isServer, isMessage: false, environment: '', service, peer: '', seconds: 1, failed: false };
}

function setUp(most = 1_000) {
  const calls: Call[] = [];
  let overflows = 0;
  const pairing = createPairing({
    waitMs,
    most,
    onCall: (call) => calls.push(call),
    onOverflow: () => {
      overflows += 1;
    },
  });
  return { pairing, calls, overflows: () => overflows };
}

it('pairs both ends once in whatever order they come, and gives up the others once', () => {
  const calls = fc.array(fc.record({ hasClient: fc.boolean(), hasServer: fc.boolean() }), { maxLength: 30 });
  fc.assert(
    fc.property(calls, fc.infiniteStream(fc.nat()), (given, order) => {
      const ends = given
        .flatMap(({ hasClient, hasServer }, index) => [
          ...(hasClient ? [end(`${index}`, false)] : []),
          ...(hasServer ? [end(`${index}`, true)] : []),
        ])
        .map((one) => ({ one, at: order.next().value }))
        .sort((a, b) => a.at - b.at);
      const set = setUp();
      for (const [index, { one }] of ends.entries()) {
        set.pairing.add(one, index);
        set.pairing.expire(index);
      }
      const pairs = given.filter(({ hasClient, hasServer }) => hasClient && hasServer).length;
      expect(set.calls).toHaveLength(pairs);
      for (const { client, server } of set.calls) expect(client?.key).toBe(server?.key);
      set.pairing.expire(ends.length + waitMs);
      expect(set.calls).toHaveLength(given.filter(({ hasClient, hasServer }) => hasClient || hasServer).length);
      expect(set.pairing.waiting()).toBe(0);
    }),
  );
});

it('waits for the other end for so long and no longer', () => {
  const { pairing, calls } = setUp();
  pairing.add(end('a', false), 0);
  pairing.expire(waitMs - 1);
  expect(calls).toEqual([]);
  pairing.expire(waitMs);
  expect(calls).toEqual([{ client: end('a', false) }]);
  pairing.add(end('a', true), waitMs + 1);
  expect(calls).toHaveLength(1);
});

it('holds no more ends than it may, and still pairs those that it holds', () => {
  const { pairing, calls, overflows } = setUp(2);
  for (const key of ['a', 'b', 'c']) pairing.add(end(key, false), 0);
  expect([pairing.waiting(), overflows()]).toEqual([2, 1]);
  pairing.add(end('a', true), 1);
  expect(calls).toHaveLength(1);
});

it('takes a second server span below one client span for a call of its own', () => {
  const { pairing, calls } = setUp();
  pairing.add(end('a', true), 0);
  pairing.add(end('a', true), 0);
  expect(calls).toEqual([{ server: end('a', true) }]);
});
