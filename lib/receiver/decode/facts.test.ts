import { create } from '@bufbuild/protobuf';
import { describe, expect, it, test } from 'vitest';
import { SpanSchema } from '#lib/adapters/otlp/generated/opentelemetry/proto/trace/v1/trace_pb.js';
import { type SpanInit, span } from '../testing/bodies.ts';
import { factsBuilder } from './facts.ts';

const from = { id: '', environment: 'test', service: 'order', attributes: '{}' };

function attributes(texts: Record<string, string>) {
  return Object.entries(texts).map(([key, value]) => ({
    key,
    value: { value: { case: 'stringValue' as const, value } },
  }));
}

function factsOf(...inits: SpanInit[]) {
  const facts = factsBuilder();
  for (const init of inits) facts.add(create(SpanSchema, init), from);
  return facts.build('digest');
}

const client = (texts: Record<string, string>) => span({ kind: 3, attributes: attributes(texts) });

describe('a client span', () => {
  test.each<[Record<string, string>, string]>([
    [{ 'db.system.name': 'postgresql', 'db.namespace': 'shop', 'server.address': '127.0.0.1' }, 'shop'],
    [{ 'db.system': 'mysql', 'db.name': 'stock' }, 'stock'],
    [{ 'db.system.name': 'redis', 'db.namespace': '0', 'server.address': '10.0.0.7' }, 'redis'],
    [{ 'db.system.name': 'redis', 'server.address': 'cart-cache' }, 'cart-cache'],
    [{ 'db.system.name': 'redis', 'server.address': '::1' }, 'redis'],
    [{ 'db.system': 'postgresql', 'db.name': 'shop', 'peer.service': 'ledger' }, 'ledger'],
    [{ 'db.namespace': '7' }, '7'],
  ])('with %j asks the database %s', (texts, name) => {
    const { databases, ends } = factsOf(client(texts));
    expect(databases.map(({ labels }) => labels)).toEqual([['test', 'order', name, 'database']]);
    expect(ends).toEqual([]);
  });

  test.each<[Record<string, string>, string]>([
    [{ 'peer.service': 'payment', 'server.address': '127.0.0.1' }, 'payment'],
    [{ 'server.address': 'api.example.com' }, 'api.example.com'],
    [{}, ''],
  ])('with %j waits for its server under its own id and calls it %j', (texts, peer) => {
    const given = client(texts);
    const { databases, ends } = factsOf(given);
    expect(databases).toEqual([]);
    expect(ends).toMatchObject([{ isServer: false, isMessage: false, service: 'order', environment: 'test', peer }]);
    const key = Buffer.concat([given.traceId as Uint8Array, given.spanId as Uint8Array]).toString('latin1');
    expect(ends[0]?.key).toBe(key);
  });
});

describe('a server span', () => {
  it('waits for its client under the id of its parent', () => {
    const parent = span();
    const given = span({ traceId: parent.traceId, parentSpanId: parent.spanId, kind: 5, status: { code: 2 } });
    const { ends, entrances } = factsOf(given);
    const key = Buffer.concat([parent.traceId as Uint8Array, parent.spanId as Uint8Array]).toString('latin1');
    expect(ends).toMatchObject([{ key, isServer: true, isMessage: true, failed: true }]);
    expect(entrances).toEqual([]);
  });

  it('that starts a trace was called by a user, unless it says by whom', () => {
    const { entrances } = factsOf(span(), span(), span({ attributes: attributes({ 'peer.service': 'shop-app' }) }));
    expect(entrances.map(({ labels, durations }) => [labels[1], durations.buckets[0]])).toEqual([
      ['user', 2],
      ['shop-app', 1],
    ]);
  });
});

it('spans are counted by service, name, kind and status; those within a service are part of no edge', () => {
  const { spans, ends, entrances } = factsOf(
    span({ kind: 1, name: 'work' }),
    span({ kind: 1, name: 'work', status: { code: 2 } }),
    span({ kind: Number('99'), name: 'a\0b', status: { code: 1 } }),
  );
  expect(spans.map(({ labels }) => labels.join(' '))).toEqual([
    'test order work SPAN_KIND_INTERNAL STATUS_CODE_UNSET',
    'test order work SPAN_KIND_INTERNAL STATUS_CODE_ERROR',
    'test order a\uFFFDb SPAN_KIND_UNSPECIFIED STATUS_CODE_OK',
  ]);
  expect([ends, entrances]).toEqual([[], []]);
});
