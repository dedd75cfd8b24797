import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const items = [1, 10, 50, 100, 500, 1000, 5000, 10_000, 50_000];

export type ReceiverMetrics = ReturnType<typeof receiverMetrics>;

/** The receiver's own metrics. `signal` is traces or logs; items are spans or log records. */
export function receiverMetrics() {
  const registry = new Registry();
  registry.setDefaultLabels({ service_name: 'receiver' });
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const name = (suffix: string) => `quarterdeck_receiver_${suffix}`;
  return {
    registry,
    requests: new Counter({
      name: name('requests_total'),
      help: 'Requests by signal and status.',
      labelNames: ['signal', 'http_response_status_code'],
      registers,
    }),
    accepted: new Counter({
      name: name('items_accepted_total'),
      help: 'Items that were committed or were there already.',
      labelNames: ['signal'],
      registers,
    }),
    duplicates: new Counter({
      name: name('items_duplicate_total'),
      help: 'Accepted items that were there already.',
      labelNames: ['signal'],
      registers,
    }),
    rejected: new Counter({
      name: name('items_rejected_total'),
      help: 'Items that cannot be kept, by reason.',
      labelNames: ['signal', 'reason'],
      registers,
    }),
    refused: new Counter({
      name: name('requests_refused_total'),
      help: 'Requests refused before they were decoded, by reason; their senders are asked to try again.',
      labelNames: ['signal', 'reason'],
      registers,
    }),
    decodeDuration: new Histogram({
      name: name('decode_duration_seconds'),
      help: 'From a complete body to its rows, waiting included.',
      labelNames: ['signal'],
      buckets: seconds,
      registers,
    }),
    batchDuration: new Histogram({
      name: name('batch_duration_seconds'),
      help: 'Transactions that store a batch, by outcome.',
      labelNames: ['outcome'],
      buckets: seconds,
      registers,
    }),
    batchItems: new Histogram({ name: name('batch_items'), help: 'Items in a batch.', buckets: items, registers }),
    derivedOverflow: new Counter({
      name: name('derived_overflow_total'),
      help: 'What had no room in the metrics derived from spans: edges or span series under _other, call ends not paired.',
      labelNames: ['what'],
      registers,
    }),
    callsWaiting: new Gauge({
      name: name('calls_waiting'),
      help: 'Client and server spans that wait for the other end of their call.',
      registers,
    }),
    callsUnpaired: new Counter({
      name: name('calls_unpaired_total'),
      help: 'Client or server spans whose other end neither came nor can be named.',
      labelNames: ['side'],
      registers,
    }),
    samplingRatio: new Gauge({
      name: name('sampling_ratio'),
      help: 'Part of the traces that is kept now, but for errors and slow ones, which are all kept.',
      registers,
    }),
    spansReceived: new Counter({
      name: name('spans_received_total'),
      help: 'Spans that arrived, before any are left out.',
      registers,
    }),
    spansKept: new Counter({
      name: name('spans_kept_total'),
      help: 'Spans that were stored, by why: error or slow when their trace has such a span, ratio else.',
      labelNames: ['reason'],
      registers,
    }),
    spansDropped: new Counter({
      name: name('spans_dropped_total'),
      help: 'Spans that were left out: by the ratio, or because Postgres cannot keep them.',
      labelNames: ['reason'],
      registers,
    }),
    undecidedSpans: new Gauge({
      name: name('undecided_spans'),
      help: 'Spans that wait for the decision on their trace.',
      registers,
    }),
    undecidedBytes: new Gauge({ name: name('undecided_bytes'), help: 'What they take in memory.', registers }),
    decidedEarly: new Counter({
      name: name('traces_decided_early_total'),
      help: 'Traces that were decided before their time because too much was undecided.',
      registers,
    }),
    promotedLate: new Counter({
      name: name('traces_promoted_late_total'),
      help: 'Traces whose error or slow span came after other spans of theirs had been left out.',
      registers,
    }),
    queueBytes: new Gauge({ name: name('queue_bytes'), help: 'Bytes that wait to be decoded or stored.', registers }),
    queueRequests: new Gauge({ name: name('queue_requests'), help: 'Requests that wait for an answer.', registers }),
    databaseUp: new Gauge({ name: name('database_up'), help: '1 while Postgres takes what is stored.', registers }),
    storeBytes: new Gauge({ name: name('store_bytes'), help: 'Size of all partitions on disk.', registers }),
    storePartitions: new Gauge({ name: name('store_partitions'), help: 'Hours that have partitions.', registers }),
    partitionsDropped: new Counter({
      name: name('partitions_dropped_total'),
      help: 'Hours that were dropped, by what made them go: age or size.',
      labelNames: ['reason'],
      registers,
    }),
  };
}
