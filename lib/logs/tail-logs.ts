import { setTimeout as wait } from 'node:timers/promises';
import type * as z from 'zod';
import { isLogSourceError, type LogQuery, type LogSource } from '#lib/adapters/logs/index.ts';
import { AppError } from '#lib/core/errors.ts';
import { log } from '#lib/core/log.ts';
import { once } from '#lib/core/registry.ts';
import { filtersOf, msToNs, type tailQuery } from './params.ts';
import type { LogLine, LogSourceAnswer, LogTailEvents } from './schemas.ts';
import { searchLogs } from './search-logs.ts';
import { chosenSources } from './sources.ts';
import { toLine } from './view.ts';

const mostPerSecond = 500;
const mostTails = 100;
const pingEveryMs = 15_000;
/** After this a stream ends and the client connects again: so a session or a token that has ended ends it too. */
const longestMs = 5 * 60_000;
/** How late lines may come and still be shown. */
const lateMs = 3_600_000;
const overlapMs = 3_000;
const mostMissed = 500;
const mostWaitingChunks = 64;

const open = () =>
  once('logs.tails', () => {
    const tails = new Set<AbortController>();
    for (const name of ['SIGTERM', 'SIGINT'] as const) {
      process.once(name, () => {
        for (const tail of tails) tail.abort();
      });
    }
    return tails;
  });

/** Answers with what arrives, as server-sent events, until the client leaves or some minutes have passed. */
export async function tailLogs(
  query: z.infer<typeof tailQuery>,
  nowMs: number,
  request: Request,
  { forMs = longestMs }: { forMs?: number } = {},
): Promise<Response> {
  const sources = chosenSources(query.source);
  const headers = {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
    connection: 'keep-alive',
  };
  if (request.method === 'HEAD' || request.signal.aborted) return new Response(null, { headers });
  const tails = open();
  if (tails.size >= mostTails) {
    throw new AppError('source.unavailable', 'Too many people follow logs at once. Try again in a moment.', {
      retryAfterSeconds: 10,
    });
  }
  const wanted = { ...filtersOf(query), fromNs: msToNs(nowMs - lateMs) };
  const lastSeen = request.headers.get('last-event-id') ?? '';
  const missedSince = /^\d{1,19}$/.test(lastSeen) ? BigInt(lastSeen) - msToNs(overlapMs) : null;

  const ending = new AbortController();
  tails.add(ending);
  const timer = setTimeout(() => ending.abort(), forMs);
  const stop = () => ending.abort();
  request.signal.addEventListener('abort', stop, { once: true });

  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const stream = eventWriter(controller);
        const ping = setInterval(() => stream.send('ping', {}), pingEveryMs);
        ending.signal.addEventListener('abort', () => {
          clearInterval(ping);
          clearTimeout(timer);
          tails.delete(ending);
          request.signal.removeEventListener('abort', stop);
          stream.close();
        });
        stream.begin();
        for (const source of sources) void follow(source, wanted, stream, ending.signal);
        if (missedSince !== null) void sendMissed(wanted, missedSince, nowMs, query.source, stream, ending.signal);
      },
      cancel: stop,
    },
    new CountQueuingStrategy({ highWaterMark: mostWaitingChunks }),
  );
  return new Response(body, { headers });
}

interface EventStream {
  begin(): void;
  send<Name extends keyof LogTailEvents>(name: Name, data: LogTailEvents[Name]): void;
  lines(lines: LogLine[], dropped: number): void;
  close(): void;
}

/** Writes events; lines for a client that does not read are counted as dropped instead of kept. */
function eventWriter(controller: ReadableStreamDefaultController<Uint8Array>): EventStream {
  const encoder = new TextEncoder();
  let unread = 0;
  const write = (text: string) => {
    try {
      controller.enqueue(encoder.encode(text));
    } catch {
      // It was closed in the meantime.
    }
  };
  const isFull = () => (controller.desiredSize ?? 0) <= 0;
  return {
    begin: () => write('retry: 2000\n\n'),
    send(name, data) {
      if (!isFull()) write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
    },
    lines(lines, dropped) {
      unread += dropped;
      if (isFull()) {
        unread += lines.length;
        return;
      }
      if (unread > 0) write(`event: dropped\ndata: ${JSON.stringify({ count: unread })}\n\n`);
      unread = 0;
      if (lines.length === 0) return;
      const newest = lines.reduce((most, { timeNs }) => (BigInt(timeNs) > most ? BigInt(timeNs) : most), 0n);
      write(`id: ${newest}\nevent: lines\ndata: ${JSON.stringify({ items: lines })}\n\n`);
    },
    close() {
      try {
        controller.close();
      } catch {
        // The client had closed it.
      }
    },
  };
}

/** Follows one source until the end; one that fails is told of and tried again. */
async function follow(
  source: LogSource,
  query: Omit<LogQuery, 'toNs'>,
  stream: EventStream,
  signal: AbortSignal,
): Promise<void> {
  const { id, name, kind } = source.source;
  const tell = (outcome: LogSourceAnswer['outcome'], detail: string | null) =>
    stream.send('source', { id, name, kind, outcome, detail });
  let failures = 0;
  while (!signal.aborted) {
    try {
      for await (const { lines, dropped } of source.tail(query, { signal, mostPerSecond })) {
        if (failures > 0) tell('answered', null);
        failures = 0;
        stream.lines(
          lines.map((line) => toLine(id, line)),
          dropped,
        );
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!isLogSourceError(error)) log().error({ err: error, source: id }, 'following logs failed');
      tell('failed', isLogSourceError(error) ? error.detail : 'Something went wrong here.');
    }
    failures += 1;
    await wait(Math.min(1_000 * 2 ** failures, 30_000), undefined, { signal }).catch(() => undefined);
  }
}

/** What came between two connections of one client; it knows by the ids what it has already. */
async function sendMissed(
  wanted: Omit<LogQuery, 'toNs'>,
  sinceNs: bigint,
  nowMs: number,
  source: string | undefined,
  stream: EventStream,
  signal: AbortSignal,
): Promise<void> {
  const fromNs = sinceNs > wanted.fromNs ? sinceNs : wanted.fromNs;
  const query = { ...wanted, fromNs, toNs: msToNs(nowMs) };
  try {
    const { items, truncated } = await searchLogs({ query, order: 'newest', limit: mostMissed, source }, signal);
    if (truncated) stream.send('dropped', { count: null });
    stream.lines(items.reverse(), 0);
  } catch (error) {
    if (!signal.aborted) log().debug({ err: error }, 'lines between two connections could not be had');
  }
}
