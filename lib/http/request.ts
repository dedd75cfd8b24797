import { AppError } from '#lib/core/errors.ts';

export const bodyLimitBytes = 256 * 1024;
const deepest = 64;

/** The secret of `Authorization: Bearer`; null where there is none. */
export function bearerOf(headers: Headers): string | null {
  return /^Bearer\s+(\S.*)$/i.exec(headers.get('authorization') ?? '')?.[1] ?? null;
}

/** Reads a body of at most `limitBytes`; a longer one is refused before it is all read. */
export async function readBody(request: Request, limitBytes = bodyLimitBytes): Promise<string> {
  const tooLarge = () =>
    new AppError('request.too_large', `The body may have at most ${Math.floor(limitBytes / 1024)} kB.`);
  if (Number(request.headers.get('content-length') ?? 0) > limitBytes) throw tooLarge();
  if (!request.body) return '';
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  let bytes = 0;
  try {
    for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
      bytes += chunk.byteLength;
      if (bytes > limitBytes) throw tooLarge();
      text += decoder.decode(chunk, { stream: true });
    }
    return text + decoder.decode();
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('request.malformed', 'The body is not UTF-8 text or was cut short.', { cause: error });
  }
}

/** Parses a JSON body; an absent one is `undefined`. Says where the JSON breaks. */
export function parseJson(text: string, contentType: string | null): unknown {
  if (text === '') return undefined;
  if (!/^application\/([\w.+-]+\+)?json\s*(;|$)/i.test(contentType ?? '')) {
    throw new AppError('request.unsupported_type', 'Send the body as application/json.');
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new AppError('request.malformed', `The body is not valid JSON: ${(error as Error).message}`, {
      cause: error,
    });
  }
  refuseUnstorable(value);
  return value;
}

/** The query of an address: a value for each name, a list where a name comes more than once. */
export function parseQuery(url: string): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = Object.create(null);
  for (const [name, value] of new URL(url).searchParams) {
    const before = query[name];
    query[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value];
  }
  refuseUnstorable(query);
  return query;
}

/**
 * Postgres holds neither U+0000 nor half a surrogate pair in text: both are refused here, once, for every field and
 * every name of one. So is nesting that is deeper than anything we take.
 */
export function refuseUnstorable(value: unknown, path = '', depth = 0): void {
  if (depth > deepest) throw invalid(path, 'deep', `must not be nested deeper than ${deepest} levels`);
  if (typeof value === 'string') refuseText(value, path);
  if (!value || typeof value !== 'object') return;
  for (const [key, inner] of Object.entries(value)) {
    refuseText(key, path);
    refuseUnstorable(inner, Array.isArray(value) ? `${path}[${key}]` : path ? `${path}.${key}` : key, depth + 1);
  }
}

function refuseText(text: string, path: string): void {
  if (text.includes('\u0000')) throw invalid(path, 'nul', 'must not contain the character U+0000');
  if (!text.isWellFormed()) throw invalid(path, 'surrogate', 'must not contain half of a surrogate pair');
}

function invalid(path: string, code: string, message: string): AppError {
  return new AppError('request.invalid', path ? `${path}: ${message}` : `The input ${message}.`, {
    errors: [{ path, code, message }],
  });
}
