'use client';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { LogLine, LogSourceAnswer, LogTailEvents } from '#lib/logs/schemas.ts';
import { arrive, drop, emptyBuffer, release, type TailBuffer } from './tail-buffer.ts';

export type TailState = 'off' | 'connecting' | 'following' | 'broken';

const flushEveryMs = 200;
const againMs = 5_000;

/**
 * Follows what arrives at `url` (null: does not). What comes while `isHeld` waits until `showWaiting`. Another address
 * begins anew with `start`, the lines of the same search that are there already or come later; keep the list stable.
 */
export function useTail(url: string | null, isHeld: boolean, start: readonly LogLine[]) {
  const [buffer, setBuffer] = useState<TailBuffer>(emptyBuffer);
  const [state, setState] = useState<TailState>('off');
  const [failures, setFailures] = useState<ReadonlyMap<string, LogSourceAnswer>>(new Map());
  const held = useRef(isHeld);
  held.current = isHeld;

  useEffect(() => {
    setFailures(new Map());
    setBuffer(emptyBuffer);
    if (url === null) {
      setState('off');
      return;
    }
    setState('connecting');
    let incoming: LogLine[] = [];
    let stream: EventSource;
    let again: ReturnType<typeof setTimeout> | undefined;
    const flush = setInterval(() => {
      if (incoming.length === 0) return;
      const lines = incoming;
      incoming = [];
      setBuffer((before) => arrive(before, lines, held.current));
    }, flushEveryMs);
    const read = <T>(event: Event) => JSON.parse((event as MessageEvent<string>).data) as T;
    const connect = () => {
      stream = new EventSource(url);
      stream.addEventListener('open', () => setState('following'));
      stream.addEventListener('lines', (event) => {
        incoming.push(...read<LogTailEvents['lines']>(event).items);
      });
      stream.addEventListener('dropped', (event) => {
        const { count } = read<LogTailEvents['dropped']>(event);
        setBuffer((before) => drop(before, count));
      });
      stream.addEventListener('source', (event) => {
        const answer = read<LogTailEvents['source']>(event);
        setFailures((before) => {
          const next = new Map(before);
          if (answer.outcome === 'failed') next.set(answer.id, answer);
          else next.delete(answer.id);
          return next;
        });
      });
      stream.addEventListener('error', () => {
        const isOver = stream.readyState === EventSource.CLOSED;
        setState(isOver ? 'broken' : 'connecting');
        // The browser comes back by itself after a break, but not after an answer that is no stream.
        if (isOver) again = setTimeout(connect, againMs);
      });
    };
    connect();
    return () => {
      clearInterval(flush);
      clearTimeout(again);
      stream.close();
    };
  }, [url]);

  // After the effect above, which empties the buffer for another address.
  useEffect(() => {
    if (url !== null) setBuffer((before) => arrive(before, start, false));
  }, [url, start]);

  const showWaiting = useCallback(() => setBuffer((before) => release(before)), []);
  return { buffer, state, failures: [...failures.values()], showWaiting };
}
