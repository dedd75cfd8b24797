import { request } from 'undici';

/** One call to the registry; its answer as JSON, or undefined when it has no body. Rejects after two seconds. */
export async function registryRequest(
  url: string,
  token: string | undefined,
  method: 'GET' | 'PUT' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<unknown> {
  const answer = await request(`${url}${path}`, {
    method,
    headers: {
      accept: 'application/json',
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body: body === undefined ? null : JSON.stringify(body),
    signal: AbortSignal.timeout(2_000),
  });
  const text = await answer.body.text();
  if (answer.statusCode >= 300) throw new Error(`the registry answered ${answer.statusCode} to ${method} ${path}`);
  return text ? JSON.parse(text) : undefined;
}
