import { setTimeout as wait } from 'node:timers/promises';
import { WebSocket } from 'undici';
import { LogSourceError } from '../errors.ts';
import type { LogLine } from '../port.ts';
import { addressOf, hostOf, type LokiConfig } from './transport.ts';
import { type Stream, tailFrame } from './wire.ts';

const batchEveryMs = 250;
const mostReconnects = 5;
const mostRemembered = 5_000;
/** Asked again after a connection broke; lines that were given already are left out. */
const overlapNs = 5_000_000_000n;

interface TailOptions {
  signal: AbortSignal;
  mostPerSecond: number;
  toLines: (streams: readonly Stream[]) => LogLine[];
}

/**
 * Follows a query over Loki's WebSocket. A connection that breaks is made anew from shortly before the last line;
 * rejects when that fails several times in a row.
 */
export async function* tailLoki(
  config: LokiConfig,
  query: string,
  { signal, mostPerSecond, toLines }: TailOptions,
): AsyncGenerator<{ lines: LogLine[]; dropped: number }> {
  const given = new Set<string>();
  let lastNs = BigInt(Date.now()) * 1_000_000n;
  let startNs = lastNs;
  let failures = 0;
  const allowance = rate(mostPerSecond);
  while (!signal.aborted) {
    const connection = open(config, query, startNs, signal);
    try {
      while (!signal.aborted) {
        await wait(batchEveryMs, undefined, { signal }).catch(() => undefined);
        const { streams, dropped, ended } = connection.take();
        if (connection.wasOpen()) failures = 0;
        const fresh = toLines(streams)
          .filter(({ id }) => !given.has(id))
          .sort((a, b) => (a.timeNs < b.timeNs ? -1 : a.timeNs > b.timeNs ? 1 : 0));
        for (const { id, timeNs } of fresh) {
          given.add(id);
          if (timeNs > lastNs) lastNs = timeNs;
        }
        for (const id of given) {
          if (given.size <= mostRemembered) break;
          given.delete(id);
        }
        const most = allowance(fresh.length);
        const lines = most > 0 ? fresh.slice(-most) : [];
        const left = dropped + fresh.length - lines.length;
        if (lines.length > 0 || left > 0) yield { lines, dropped: left };
        if (ended) throw ended;
      }
    } catch (error) {
      if (signal.aborted) return;
      failures += 1;
      if (!(error instanceof LogSourceError) || error.kind === 'garbled' || failures > mostReconnects) throw error;
      startNs = lastNs - overlapNs;
      await wait(Math.min(250 * 2 ** failures, 5_000), undefined, { signal }).catch(() => undefined);
    } finally {
      connection.close();
    }
  }
}

/** How many of so many lines may pass, by whole seconds. */
function rate(mostPerSecond: number) {
  let second = 0;
  let passed = 0;
  return (count: number): number => {
    const now = Math.floor(Date.now() / 1_000);
    if (now !== second) {
      second = now;
      passed = 0;
    }
    const may = Math.max(0, Math.min(count, mostPerSecond - passed));
    passed += may;
    return may;
  };
}

/** One connection: what came in waits, bounded, until it is taken. */
function open(config: LokiConfig, query: string, startNs: bigint, signal: AbortSignal) {
  const params = new URLSearchParams({ query, start: String(startNs), limit: String(mostWaiting) });
  const address = addressOf(config.url, 'tail', params);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  const host = hostOf(config.url);
  let waiting: Stream[] = [];
  let entries = 0;
  let dropped = 0;
  let isOpen = false;
  let ended: LogSourceError | undefined;
  const end = (kind: LogSourceError['kind'], detail: string, cause?: unknown) => {
    ended ??= new LogSourceError(config.id, kind, detail, { cause });
  };
  const socket = new WebSocket(address, { headers: config.headers });
  const late = setTimeout(() => {
    if (!isOpen) {
      end('timeout', `${host} did not open a tail within ${Math.round(config.timeoutMs / 1_000)} s.`);
      close();
    }
  }, config.timeoutMs);
  const close = () => {
    clearTimeout(late);
    signal.removeEventListener('abort', close);
    if (socket.readyState <= WebSocket.OPEN) socket.close();
  };
  signal.addEventListener('abort', close, { once: true });
  socket.addEventListener('open', () => {
    isOpen = true;
    clearTimeout(late);
  });
  socket.addEventListener('message', ({ data }) => {
    const frame = parseFrame(data);
    if (!frame) {
      end('garbled', `${host} sent something into the tail that is not Loki's.`);
      close();
      return;
    }
    dropped += frame.dropped_entries?.length ?? 0;
    for (const stream of frame.streams ?? []) {
      if (entries >= mostWaiting) dropped += stream.values.length;
      else waiting.push(stream);
      entries += stream.values.length;
    }
  });
  socket.addEventListener('error', (event) =>
    end('unreachable', isOpen ? `The tail of ${host} broke off.` : `${host} does not open a tail.`, event.error),
  );
  socket.addEventListener('close', () => end('unreachable', `The tail of ${host} broke off.`));
  return {
    wasOpen: () => isOpen,
    take() {
      const taken = { streams: waiting, dropped, ended };
      waiting = [];
      entries = 0;
      dropped = 0;
      return taken;
    },
    close,
  };
}

const mostWaiting = 2_000;

function parseFrame(data: unknown) {
  try {
    return tailFrame.safeParse(JSON.parse(String(data))).data;
  } catch {
    return undefined;
  }
}
