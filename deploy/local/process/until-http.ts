import { sleep } from './signal.ts';

export type UntilHttpOptions = {
  timeoutMs: number;
  headers?: Record<string, string>;
  /** Gives up at once when this turns false. */
  alive?: () => boolean;
  intervalMs?: number;
};

/** One GET; undefined when it answered 2xx, else the reason in words. */
export async function httpTrouble(
  url: string,
  headers: Record<string, string> = {},
  timeoutMs = 3_000,
): Promise<string | undefined> {
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(timeoutMs), redirect: 'manual' });
    const body = await response.text();
    return response.ok ? undefined : `${url} answers ${response.status}${body ? `: ${body.slice(0, 200)}` : ''}`;
  } catch (error) {
    const { cause, message, name } = error as Error & { cause?: { code?: string } };
    return `${url}: ${name === 'TimeoutError' ? `no answer within ${timeoutMs} ms` : (cause?.code ?? message)}`;
  }
}

/** Waits until the address answers 2xx; throws with the last trouble in words when it does not in time. */
export async function untilHttp(url: string, options: UntilHttpOptions): Promise<void> {
  const deadline = Date.now() + options.timeoutMs;
  for (;;) {
    const trouble = await httpTrouble(url, options.headers);
    if (!trouble) return;
    if (options.alive && !options.alive()) throw new Error('it ended while we waited for it');
    if (Date.now() > deadline) throw new Error(`not ready after ${options.timeoutMs / 1000} s: ${trouble}`);
    await sleep(options.intervalMs ?? 100);
  }
}
