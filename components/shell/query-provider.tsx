'use client';
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';

const statusOf = (error: unknown): number | undefined => (error as { status?: number } | null)?.status;

/** Whether trying again may help: no answer at all, or a door in between that had none. */
export function isPassing(error: unknown): boolean {
  const status = statusOf(error);
  return status === undefined ? error instanceof TypeError : status === 0 || status === 502 || status === 504;
}

function newClient(onSignedOut: () => void): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError: (error) => statusOf(error) === 401 && onSignedOut() }),
    defaultOptions: {
      queries: {
        staleTime: 5000,
        gcTime: 5 * 60_000,
        refetchOnWindowFocus: true,
        refetchOnReconnect: true,
        // A console on one's own network works without the internet.
        networkMode: 'always',
        retry: (failures, error) => failures < 2 && isPassing(error),
        retryDelay: (attempt) => Math.min(4000, 500 * 2 ** attempt),
      },
      mutations: { networkMode: 'always', retry: false },
    },
  });
}

/** Where a session that has ended leads: to the sign-in, and from there back to this view. */
function toSignIn(): void {
  if (window.location.pathname.startsWith('/sign-in')) return;
  window.location.assign(`/sign-in?next=${encodeURIComponent(window.location.pathname + window.location.search)}`);
}

/** The one cache of what the server said. */
export function QueryProvider({ children, onSignedOut = toSignIn }: { children: ReactNode; onSignedOut?: () => void }) {
  const [client] = useState(() => newClient(onSignedOut));
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}
