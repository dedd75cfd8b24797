import type { PartReport } from '../supervisor/parts.ts';
import type { Stack } from './stack.ts';

const everyMs = 5_000;

export type PartsPoster = { changed(): void; close(): void };

/**
 * Tells the supervisor how the parts are, at each change and every 5 s; so a supervisor that died knows again as soon
 * as it is back. Nobody hears it while there is none.
 */
export function postParts(stack: Stack, reports: () => PartReport[]): PartsPoster {
  const { urls, external } = stack;
  // Somebody else's supervisor has parts of its own.
  if (external.supervisorUrl) return { changed: () => {}, close: () => {} };
  let pending: NodeJS.Timeout | undefined;
  const post = async () => {
    await fetch(`${urls.supervisor}/v1/parts`, {
      method: 'POST',
      headers: { authorization: `Bearer ${urls.supervisorToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ items: reports() }),
      signal: AbortSignal.timeout(2_000),
    })
      .then((response) => response.body?.cancel())
      .catch(() => {});
  };
  const timer = setInterval(() => void post(), everyMs);
  return {
    changed: () => {
      clearTimeout(pending);
      pending = setTimeout(() => void post(), 50);
    },
    close: () => {
      clearInterval(timer);
      clearTimeout(pending);
    },
  };
}
