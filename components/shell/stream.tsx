'use client';
import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, use, useEffect, useState } from 'react';
import {
  backoffMs,
  hearsChanges,
  type StreamState,
  silenceMs,
  staleAfterMs,
  streamStateOf,
  topicOf,
} from './stream-state.ts';

export interface StreamValue {
  state: StreamState;
  /** Since when nothing has been heard, in milliseconds. */
  lostAt: number | undefined;
}

const Context = createContext<StreamValue>({ state: 'connecting', lostAt: undefined });
const debounceMs = 150;
/** In a storm of changes an answer has so long to arrive before it is asked for again. */
const leastGapMs = 700;
const noFollowers: Readonly<Record<string, readonly string[]>> = {};

/**
 * One connection for the tab. A change only says what to fetch again: the queries whose key begins with its topic.
 * After a break all are fetched again, because what was missed is not known.
 */
export function StreamProvider({
  url = '/api/stream',
  follows = noFollowers,
  children,
}: {
  url?: string;
  /** Topics whose answers contain those of another, by that other. Keep it stable. */
  follows?: Readonly<Record<string, readonly string[]>>;
  children: ReactNode;
}) {
  const client = useQueryClient();
  const [value, setValue] = useState<StreamValue>({ state: 'connecting', lostAt: undefined });

  useEffect(() => {
    let source: EventSource | undefined;
    let attempt = 0;
    let everOpen = false;
    let open = false;
    let pings = false;
    let deaf = false;
    let lostAt: number | undefined = Date.now();
    let retry: ReturnType<typeof setTimeout> | undefined;
    let staleTimer: ReturnType<typeof setTimeout> | undefined;
    let silence: ReturnType<typeof setTimeout> | undefined;
    let flush: ReturnType<typeof setTimeout> | undefined;
    let flushedAt = 0;
    const topics = new Set<string>();

    const show = () => {
      const state = streamStateOf({ open: open && !deaf, everOpen, lostAt }, Date.now());
      setValue((before) => (before.state === state && before.lostAt === lostAt ? before : { state, lostAt }));
    };
    const lose = () => {
      source?.close();
      clearTimeout(silence);
      if (open || lostAt === undefined) lostAt = Date.now();
      open = false;
      show();
      clearTimeout(staleTimer);
      staleTimer = setTimeout(show, Math.max(0, staleAfterMs - (Date.now() - lostAt)) + 50);
      clearTimeout(retry);
      retry = setTimeout(connect, backoffMs(attempt++, Math.random()));
    };
    const hear = (can: boolean) => {
      if (deaf === !can) return;
      deaf = !can;
      lostAt = can ? undefined : Date.now();
      if (can) void client.invalidateQueries();
      clearTimeout(staleTimer);
      if (!can) staleTimer = setTimeout(show, staleAfterMs + 50);
      show();
    };
    const heard = () => {
      clearTimeout(silence);
      if (pings) silence = setTimeout(lose, silenceMs);
    };
    const connect = () => {
      pings = false;
      source = new EventSource(url);
      source.onopen = () => {
        if (everOpen) void client.invalidateQueries();
        open = true;
        deaf = false;
        everOpen = true;
        lostAt = undefined;
        attempt = 0;
        clearTimeout(staleTimer);
        show();
      };
      source.onerror = lose;
      source.addEventListener('hello', (event) => {
        heard();
        if (!hearsChanges((event as MessageEvent<string>).data)) hear(false);
      });
      source.addEventListener('ping', () => {
        pings = true;
        heard();
        hear(true);
      });
      // The server itself missed changes, or cannot hear of them for now.
      source.addEventListener('resync', () => {
        heard();
        if (deaf) hear(true);
        else void client.invalidateQueries();
      });
      source.addEventListener('degraded', () => {
        heard();
        hear(false);
      });
      source.addEventListener('change', (event) => {
        heard();
        const topic = topicOf((event as MessageEvent<string>).data);
        if (!topic) return;
        for (const one of [topic, ...(follows[topic] ?? [])]) topics.add(one);
        const waitMs = Math.max(debounceMs, flushedAt + leastGapMs - Date.now());
        flush ??= setTimeout(() => {
          flush = undefined;
          flushedAt = Date.now();
          for (const one of topics) void client.invalidateQueries({ queryKey: [one] });
          topics.clear();
        }, waitMs);
      });
    };
    const onOnline = () => {
      if (open) return;
      clearTimeout(retry);
      source?.close();
      connect();
    };

    connect();
    addEventListener('online', onOnline);
    return () => {
      removeEventListener('online', onOnline);
      source?.close();
      for (const timer of [retry, staleTimer, silence, flush]) clearTimeout(timer);
    };
  }, [client, url, follows]);

  return <Context value={value}>{children}</Context>;
}

/** Whether the page hears of changes, and since when it does not. */
export function useStream(): StreamValue {
  return use(Context);
}
