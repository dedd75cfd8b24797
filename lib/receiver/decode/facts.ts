import type { Span } from '#lib/adapters/otlp/generated/opentelemetry/proto/trace/v1/trace_pb.js';
import { databaseOf, isRefused, peerOf } from './peers.ts';
import { type ResourceRow, shortenName } from './resource.ts';
import { type Tally, tallies } from './tally.ts';
import { cleanText, textAttribute } from './values.ts';

const server = 2;
const client = 3;
const producer = 4;
const consumer = 5;
const statusError = 2;
const kinds = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];
const statuses = ['UNSET', 'OK', 'ERROR'];

/** The client of a request whose trace starts at the server and that does not say who called, as in Tempo. */
const unknownClient = 'user';

/** The label values of a span's series: environment, service, span name, kind, status code. */
export const spanLabels = ['deployment_environment_name', 'service', 'span_name', 'span_kind', 'status_code'] as const;
/** The label values of an edge's series. */
export const edgeLabels = ['deployment_environment_name', 'client', 'server', 'connection_type'] as const;

/** One end of a call, waiting for the span at the other end. */
export interface CallEnd {
  /** Trace id and the id of the client's span, as 24 characters. */
  key: string;
  isServer: boolean;
  isMessage: boolean;
  environment: string;
  service: string;
  /** Whom the client calls by its own words; empty for servers. */
  peer: string;
  seconds: number;
  failed: boolean;
}

/** What a request tells about services and their calls, to be counted once its spans are stored. */
export interface Facts {
  /** Of the body: a request that is sent again is not counted again. */
  digest: string;
  /** By the values of `spanLabels`. */
  spans: Tally[];
  /** By the values of `edgeLabels`; the durations are those of the client. */
  databases: Tally[];
  /** By the values of `edgeLabels`; the durations are those of the server. */
  entrances: Tally[];
  ends: CallEnd[];
}

/** Derives facts from the spans of one request. */
export function factsBuilder() {
  const spans = tallies();
  const databases = tallies();
  const entrances = tallies();
  const ends: CallEnd[] = [];

  return {
    add(span: Span, { environment, service }: ResourceRow): void {
      const seconds = Number(span.endTimeUnixNano - span.startTimeUnixNano) / 1e9;
      const status = span.status?.code === 1 || span.status?.code === 2 ? span.status.code : 0;
      const failed = status === statusError;
      const kind = kinds[span.kind] ?? kinds[0];
      spans.add(
        [
          environment,
          service,
          shortenName(cleanText(span.name)),
          `SPAN_KIND_${kind}`,
          `STATUS_CODE_${statuses[status]}`,
        ],
        seconds,
        failed,
      );
      if (span.kind === client || span.kind === producer) {
        const database = span.kind === client ? databaseOf(span.attributes) : undefined;
        if (database !== undefined) {
          databases.add([environment, service, database, 'database'], seconds, failed);
          return;
        }
        ends.push({
          key: callKey(span.traceId, span.spanId),
          isServer: false,
          isMessage: span.kind === producer,
          environment,
          service,
          peer: peerOf(span.attributes),
          seconds,
          failed: failed && !isRefused(span.attributes),
        });
      } else if (span.kind === server || span.kind === consumer) {
        if (span.parentSpanId.every((byte) => byte === 0)) {
          const caller = shortenName(textAttribute(span.attributes, 'peer.service') ?? unknownClient);
          entrances.add([environment, caller, service, 'virtual_node'], seconds, failed);
          return;
        }
        ends.push({
          key: callKey(span.traceId, span.parentSpanId),
          isServer: true,
          isMessage: span.kind === consumer,
          environment,
          service,
          peer: '',
          seconds,
          failed,
        });
      }
    },
    build: (digest: string): Facts => ({
      digest,
      spans: spans.build(),
      databases: databases.build(),
      entrances: entrances.build(),
      ends,
    }),
  };
}

function callKey(traceId: Uint8Array, spanId: Uint8Array): string {
  return Buffer.from(traceId).toString('latin1') + Buffer.from(spanId).toString('latin1');
}
