import { AppError } from '#lib/core/errors.ts';

export const bodyLimitBytes = 256 * 1024;

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
  if (!/^application\/(.+\+)?json\b/i.test(contentType ?? '')) {
    throw new AppError('request.unsupported_type', 'Send the body as application/json.');
  }
  try {
    const value: unknown = JSON.parse(text);
    refuseNul(value);
    return value;
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('request.malformed', `The body is not valid JSON: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** Postgres cannot hold U+0000 in text: it is refused here, once, for every field. */
function refuseNul(value: unknown, path = ''): void {
  if (typeof value === 'string' && value.includes('\u0000')) {
    const message = 'must not contain the character U+0000';
    throw new AppError('request.invalid', `${path}: ${message}`, { errors: [{ path, code: 'nul', message }] });
  }
  if (value && typeof value === 'object') {
    for (const [key, inner] of Object.entries(value)) {
      refuseNul(inner, Array.isArray(value) ? `${path}[${key}]` : path ? `${path}.${key}` : key);
    }
  }
}

/** Where the web process notes the address of the connection; whatever a client sends under this name is overwritten. */
export const peerHeader = 'x-quarterdeck-peer';

/** The caller's address: `X-Forwarded-For` is believed only as far as the proxies that wrote it are trusted. */
export function clientAddress(headers: Headers, trustedProxies: string[]): string {
  const forwarded = (headers.get('x-forwarded-for')?.split(',') ?? []).map((part) => part.trim()).filter(Boolean);
  let address = headers.get(peerHeader) || 'unknown';
  while (trustedProxies.includes(address) && forwarded.length > 0) address = forwarded.pop() ?? address;
  return address;
}
