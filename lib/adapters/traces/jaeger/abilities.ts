import * as z from 'zod';
import { type Endpoint, get, jsonOf, sourceError, statusError } from '../http.ts';
import type { CallOptions } from '../port.ts';

/**
 * What a version of Jaeger can do.
 * - `legacy`: only the internal JSON API below `/api` (1.x before v3).
 * - `snake`: v3 below 2.19: parameters in snake_case, no attributes in searches, the internal API beside it.
 * - `camel`: v3 from 2.19: parameters in camelCase, attributes, summaries; later versions drop the internal search.
 */
export interface Abilities {
  api: 'legacy' | 'snake' | 'camel';
  version: string | null;
}

const services = z.object({ services: z.array(z.string()).nullish() });
const refusal = z.object({ error: z.object({ message: z.string() }) });
const build = z.object({ gitVersion: z.string() });

/** Finds out which API is there. Unknown addresses are answered with the page of Jaeger's UI, not with 404. */
export async function detectJaeger(endpoint: Endpoint, options?: CallOptions): Promise<Abilities> {
  const [v3, version] = await Promise.all([speaksV3(endpoint, options), readVersion(endpoint, options)]);
  if (!v3) {
    const answer = await get(endpoint, '/api/services', null, options);
    if (answer.status !== 200) throw statusError(endpoint, answer);
    const parsed = z.object({ data: z.array(z.string()).nullable() }).safeParse(jsonOf(endpoint, answer));
    if (!parsed.success) throw sourceError(endpoint, 'garbled', 'The answer is JSON, but not as Jaeger writes it.');
    return { api: 'legacy', version };
  }
  // Without its required parameters the address answers 400 where it exists.
  const summaries = await get(endpoint, '/api/v3/trace-summaries', null, options);
  const exists = summaries.status === 400 && refusal.safeParse(tryJson(summaries.body)).success;
  return { api: exists ? 'camel' : 'snake', version };
}

async function speaksV3(endpoint: Endpoint, options?: CallOptions): Promise<boolean> {
  const answer = await get(endpoint, '/api/v3/services', null, options);
  if (answer.status === 401 || answer.status === 403) throw statusError(endpoint, answer);
  if (answer.status >= 500 || (answer.status >= 300 && answer.status < 400)) throw statusError(endpoint, answer);
  const parsed = services.safeParse(tryJson(answer.body));
  if (answer.status !== 200 || !parsed.success) return false;
  // An empty store answers an empty object, which others do too; this one also says what a search lacks.
  return parsed.data.services ? true : refusesSearch(endpoint, options);
}

async function refusesSearch(endpoint: Endpoint, options?: CallOptions): Promise<boolean> {
  const answer = await get(endpoint, '/api/v3/traces', null, options);
  return answer.status === 400 && refusal.safeParse(tryJson(answer.body)).success;
}

/** Jaeger tells its version only inside of the page of its UI. */
async function readVersion(endpoint: Endpoint, options?: CallOptions): Promise<string | null> {
  const answer = await get(endpoint, '/', null, { ...options, accept: 'text/html' });
  const [, json] = /JAEGER_VERSION\s*=\s*(\{[^}]*\})\s*;/.exec(answer.body.toString('utf8')) ?? [];
  const parsed = build.safeParse(json && tryJson(json));
  return (parsed.success && parsed.data.gitVersion.replace(/^v/, '')) || null;
}

function tryJson(text: Buffer | string): unknown {
  try {
    return JSON.parse(text.toString());
  } catch {
    return undefined;
  }
}
