import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fromBinary } from '@bufbuild/protobuf';
import { ExportLogsServiceRequestSchema } from '#lib/adapters/otlp/generated/opentelemetry/proto/collector/logs/v1/logs_service_pb.js';
import type { KeyValue } from '#lib/adapters/otlp/generated/opentelemetry/proto/common/v1/common_pb.js';
import { attributesJson, valueJson } from '#lib/receiver/decode/values.ts';
import { type Entry, LogqlError, readLogql } from './logql-reader.ts';
import { acceptWebSockets, type Socket } from './web-socket-server.ts';

export type Behaviour = (request: IncomingMessage, response: ServerResponse) => boolean;

export interface FakeLoki {
  url: string;
  requests: { path: string; params: URLSearchParams; headers: IncomingMessage['headers'] }[];
  /** Takes over answering where it returns true. */
  behave(behaviour: Behaviour): void;
  tails: Set<Socket>;
  close(): Promise<void>;
}

/** Attributes of the resource that become labels of the stream, as in Loki 3.7. */
const indexed = new Set(['service.name', 'service.namespace', 'service.instance.id', 'deployment.environment.name']);
const mostEntries = 5_000;
const levelNames = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];

/** Names as Loki writes them; what is nested is laid flat. */
function flat(attributes: readonly KeyValue[], prefix = ''): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { key, value } of attributes) {
    const name = `${prefix}${key.replace(/[^a-zA-Z0-9_]/g, '_')}`;
    const kind = value?.value;
    if (kind?.case === 'kvlistValue') Object.assign(found, flat(kind.value.values, `${name}_`));
    else found[name] = kind?.case === 'stringValue' ? kind.value : valueJson(value);
  }
  return found;
}

function entriesOf(body: Uint8Array, nowNs: bigint): Entry[] {
  const { resourceLogs } = fromBinary(ExportLogsServiceRequestSchema, body);
  return resourceLogs.flatMap(({ resource, scopeLogs }) => {
    const attributes = resource?.attributes ?? [];
    const stream = flat(attributes.filter(({ key }) => indexed.has(key)));
    const rest = flat(attributes.filter(({ key }) => !indexed.has(key)));
    return scopeLogs.flatMap(({ scope, logRecords }) =>
      logRecords.map((record): Entry => {
        const level = levelNames[Math.floor((record.severityNumber - 1) / 4)];
        const kind = record.body?.value;
        return {
          timeNs: record.timeUnixNano || record.observedTimeUnixNano || nowNs,
          stream: stream.service_name ? stream : { ...stream, service_name: 'unknown_service' },
          line:
            kind?.case === 'stringValue'
              ? kind.value
              : kind?.case === 'kvlistValue'
                ? attributesJson(kind.value.values)
                : valueJson(record.body),
          beside: {
            ...rest,
            ...flat(record.attributes),
            ...(scope?.name && { scope_name: scope.name }),
            ...(record.traceId.length > 0 && { trace_id: Buffer.from(record.traceId).toString('hex') }),
            ...(record.spanId.length > 0 && { span_id: Buffer.from(record.spanId).toString('hex') }),
            ...(record.severityNumber > 0 && { severity_number: String(record.severityNumber) }),
            ...(record.severityText && { severity_text: record.severityText }),
            ...(record.observedTimeUnixNano && { observed_timestamp: String(record.observedTimeUnixNano) }),
            detected_level: level ?? 'unknown',
          },
        };
      }),
    );
  });
}

/** A Loki as far as the adapter uses it, with what real ones were seen to answer. Takes OTLP at `/otlp/v1/logs`. */
export async function startFakeLoki({ tenant }: { tenant?: string } = {}): Promise<FakeLoki> {
  let entries: Entry[] = [];
  let behaviour: Behaviour = () => false;
  const requests: FakeLoki['requests'] = [];
  const tails = new Set<Socket>();
  const following = new Map<Socket, (fresh: readonly Entry[]) => void>();

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const url = new URL(request.url ?? '/', 'http://localhost');
    const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded');
    const params = new URLSearchParams([...url.searchParams, ...new URLSearchParams(isForm ? body.toString() : '')]);
    requests.push({ path: url.pathname, params, headers: request.headers });
    if (behaviour(request, response)) return;
    const text = (status: number, message: string) =>
      response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(message);
    const json = (data: unknown) =>
      response.writeHead(200, { 'content-type': 'application/json; charset=UTF-8' }).end(JSON.stringify(data));
    if (tenant !== undefined && request.headers['x-scope-orgid'] !== tenant) return text(401, 'no org id\n');
    try {
      if (url.pathname === '/otlp/v1/logs') {
        const fresh = entriesOf(body, BigInt(Date.now()) * 1_000_000n);
        const known = new Set(entries.map(keyOf));
        entries = [...entries, ...fresh.filter((entry) => !known.has(keyOf(entry)))];
        for (const follow of following.values()) follow(fresh);
        return response.writeHead(204).end();
      }
      const path = url.pathname.replace(/^\/loki\/api\/v1\//, '');
      const categorised = String(request.headers['x-loki-response-encoding-flags'] ?? '').includes('categorize-labels');
      if (path === 'status/buildinfo') return json({ version: '3.7.8-fake', revision: '' });
      if (path === 'query_range') return json(queryRange(entries, params, categorised));
      if (path === 'labels') return json(names(entries, params, (entry) => Object.keys(entry.stream)));
      const [, label] = /^label\/([^/]+)\/values$/.exec(path) ?? [];
      if (label) {
        return json(names(entries, params, ({ stream }) => stream[decodeURIComponent(label)] ?? []));
      }
      return text(404, '404 page not found\n');
    } catch (error) {
      if (error instanceof LogqlError) return text(400, `${error.message}\n`);
      throw error;
    }
  });
  acceptWebSockets(server, (socket) => {
    const url = new URL(socket.request.url ?? '/', 'http://localhost');
    requests.push({ path: url.pathname, params: url.searchParams, headers: socket.request.headers });
    const { matches } = readLogql(url.searchParams.get('query') ?? '');
    const startNs = BigInt(url.searchParams.get('start') ?? 0);
    const follow = (fresh: readonly Entry[]) => {
      const wanted = fresh.filter(matches);
      if (wanted.length > 0) socket.send(JSON.stringify({ streams: grouped(wanted, true) }));
    };
    tails.add(socket);
    following.set(socket, follow);
    socket.onClose(() => {
      tails.delete(socket);
      following.delete(socket);
    });
    follow(entries.filter(({ timeNs }) => timeNs >= startNs));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    behave: (next) => {
      behaviour = next;
    },
    tails,
    close: () =>
      new Promise((resolve) => {
        for (const socket of tails) socket.break();
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

const keyOf = ({ timeNs, stream, beside, line }: Entry) => JSON.stringify([String(timeNs), stream, beside, line]);

function rangeOf(params: URLSearchParams): { fromNs: bigint; toNs: bigint } {
  const ns = (name: string, usual: bigint) => {
    const text = params.get(name);
    if (text === null) return usual;
    return /^\d{16,}$/.test(text) ? BigInt(text) : BigInt(Math.round(Number(text) * 1_000)) * 1_000_000n;
  };
  const nowNs = BigInt(Date.now()) * 1_000_000n;
  return { fromNs: ns('start', nowNs - 3_600_000_000_000n), toNs: ns('end', nowNs) };
}

function names(entries: readonly Entry[], params: URLSearchParams, of: (entry: Entry) => string | string[]) {
  const { fromNs, toNs } = rangeOf(params);
  const query = params.get('query');
  const { matches } = query ? readLogql(query) : { matches: () => true };
  const found = entries.filter((entry) => entry.timeNs >= fromNs && entry.timeNs <= toNs && matches(entry)).flatMap(of);
  return { status: 'success', ...(found.length > 0 && { data: [...new Set(found)].sort() }) };
}

/** Entries by stream, as an answer has them; without the flag what stands beside a line is among the labels. */
function grouped(entries: readonly Entry[], categorised: boolean) {
  const streams = new Map<string, { stream: Record<string, string>; values: unknown[] }>();
  for (const { stream, beside, line, timeNs } of entries) {
    const labels = categorised ? stream : { ...beside, ...stream };
    const key = JSON.stringify(Object.entries(labels).sort());
    const group = streams.get(key) ?? { stream: labels, values: [] };
    streams.set(key, group);
    group.values.push([String(timeNs), line, ...(categorised ? [{ structuredMetadata: beside }] : [])]);
  }
  return [...streams.values()];
}

function queryRange(entries: readonly Entry[], params: URLSearchParams, categorised: boolean) {
  const { matches, count } = readLogql(params.get('query') ?? '');
  const { fromNs, toNs } = rangeOf(params);
  if (count) return matrix(entries.filter(matches), count, fromNs, toNs, Number(params.get('step')));
  const limit = Number(params.get('limit') ?? 100);
  if (limit > mostEntries) {
    throw new LogqlError(
      `max entries limit per query exceeded, limit > max_entries_limit_per_query (${limit} > ${mostEntries})`,
    );
  }
  const backward = params.get('direction') !== 'forward';
  const found = entries
    .filter((entry) => entry.timeNs >= fromNs && entry.timeNs < toNs && matches(entry))
    .sort((a, b) => (backward ? -1 : 1) * (a.timeNs < b.timeNs ? -1 : a.timeNs > b.timeNs ? 1 : 0))
    .slice(0, limit);
  return {
    status: 'success',
    data: {
      resultType: 'streams',
      ...(categorised && { encodingFlags: ['categorize-labels'] }),
      result: grouped(found, categorised),
      stats: {},
    },
  };
}

function matrix(
  entries: readonly Entry[],
  { by, windowNs, offsetNs }: { by: string[]; windowNs: bigint; offsetNs: bigint },
  fromNs: bigint,
  toNs: bigint,
  stepSeconds: number,
) {
  const stepNs = BigInt(Math.round(stepSeconds * 1_000)) * 1_000_000n;
  // Seen with 3.7.8: an offset that is not of whole milliseconds finds nothing.
  if (offsetNs % 1_000_000n !== 0n) return { status: 'success', data: { resultType: 'matrix', result: [], stats: {} } };
  if ((toNs - fromNs) / stepNs > 11_000n) {
    throw new LogqlError('exceeded maximum resolution of 11,000 points per time series.');
  }
  const series = new Map<string, { metric: Record<string, string>; values: [number, string][] }>();
  for (let at = fromNs; at <= toNs; at += stepNs) {
    const end = at - offsetNs;
    const counts = new Map<string, number>();
    for (const entry of entries) {
      if (entry.timeNs <= end - windowNs || entry.timeNs > end) continue;
      const all: Record<string, string> = { ...entry.beside, ...entry.stream };
      const metric = Object.fromEntries(by.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]])));
      const key = JSON.stringify(metric);
      if (!series.has(key)) series.set(key, { metric, values: [] });
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    for (const [key, value] of counts) series.get(key)?.values.push([Number(at / 1_000_000n) / 1_000, String(value)]);
  }
  return { status: 'success', data: { resultType: 'matrix', result: [...series.values()], stats: {} } };
}
