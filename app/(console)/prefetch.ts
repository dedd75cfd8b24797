import { type DehydratedState, dehydrate, QueryClient, type QueryKey } from '@tanstack/react-query';
import { config } from '#lib/core/config.ts';
import { log } from '#lib/core/log.ts';

/** A page that waits longer for its figures than this is worse than one that fetches them afterwards. */
const patienceMs = 700;

type Search = Promise<{ env?: string | string[] }>;

/** The environment that the address asks for, else the usual one. */
export async function environmentOf(searchParams: Search): Promise<string> {
  const { env } = await searchParams;
  return typeof env === 'string' && env ? env : config().QD_DEFAULT_ENVIRONMENT;
}

/**
 * An answer that goes out with the page, so that its figures are in the first paint. What is not there in time, or
 * fails, is left to the browser.
 */
export async function prefetch(queryKey: QueryKey, asked: Promise<unknown>): Promise<DehydratedState> {
  const client = new QueryClient();
  const answer = asked.catch((error: unknown) => {
    log().debug({ err: error, queryKey }, 'a first answer is left to the browser');
    return null;
  });
  const late = new Promise<null>((resolve) => setTimeout(resolve, patienceMs, null));
  const found = await Promise.race([answer, late]);
  if (found !== null) client.setQueryData(queryKey, found);
  return dehydrate(client);
}
