'use client';
import { useRef, useState } from 'react';
import { ApiError, sendJson } from '#lib/core/fetch-json.ts';

function randomKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

export interface Save<T> {
  busy: boolean;
  error: ApiError | null;
  /** What is to be said above the form: the error, unless it stands at one of the named fields. */
  general: string | null;
  /** Sends; the answer, or null when it failed and `error` says why. */
  send: (method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string, body?: unknown) => Promise<T | null>;
  clear: () => void;
}

/**
 * Sends a change and keeps what went wrong. The same change sent again, after an answer that got lost, happens once.
 * `fields` are the paths that the form shows errors at.
 */
export function useSave<T>(fields: readonly string[] = []): Save<T> {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const sent = useRef<{ body: string; key: string }>(null);
  return {
    busy,
    error,
    general: error && !error.errors.some(({ path }) => fields.includes(path)) ? error.message : null,
    clear: () => setError(null),
    send: async (method, url, body) => {
      const text = `${method} ${url} ${JSON.stringify(body ?? null)}`;
      if (sent.current?.body !== text) sent.current = { body: text, key: randomKey() };
      setBusy(true);
      setError(null);
      try {
        return await sendJson<T>(method, url, body, { idempotencyKey: sent.current.key });
      } catch (thrown) {
        setError(thrown instanceof ApiError ? thrown : new ApiError(0, 'unknown', 'That did not work. Try again.'));
        return null;
      } finally {
        setBusy(false);
      }
    },
  };
}
