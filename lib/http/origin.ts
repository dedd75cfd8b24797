import { AppError } from '#lib/core/errors.ts';

/** Names and addresses of this very machine, under which a browser may have opened a console that is on it. */
const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

function sameOrigin(given: string, publicUrl: string): boolean {
  const own = new URL(publicUrl);
  if (given === own.origin) return true;
  if (!loopback.test(own.hostname) || !URL.canParse(given)) return false;
  const other = new URL(given);
  return loopback.test(other.hostname) && other.protocol === own.protocol && other.port === own.port;
}

/**
 * A cookie travels with any form on any site, so what changes something must come from our own pages. Where the
 * public address is one of this machine, its other names are as good: a person may type 127.0.0.1 for localhost.
 */
export function requireOrigin(request: Request, publicUrl: string): void {
  if (sameOrigin(request.headers.get('origin') ?? '', publicUrl)) return;
  const { origin } = new URL(publicUrl);
  throw new AppError('request.origin_refused', `Only pages of ${origin} may change something here: open it there.`);
}
