import type { NextAuthOptions } from 'next-auth';
import { decode } from 'next-auth/jwt';
import CredentialsProvider from 'next-auth/providers/credentials';
import { config, splitList } from '#lib/core/config.ts';
import { contextFor } from '#lib/core/context.ts';
import { AppError } from '#lib/core/errors.ts';
import { log } from '#lib/core/log.ts';
import { clientAddress } from '#lib/http/index.ts';
import { signIn } from './sign-in.ts';

const sessionSeconds = 12 * 3_600;

/**
 * The names of the cookies: bound to this host under HTTPS, ones for each install on localhost. None begins with the
 * session's: next-auth takes whatever does for a piece of it.
 */
export function cookieNames(publicUrl = config().QD_PUBLIC_URL): { session: string; csrf: string; callback: string } {
  const url = new URL(publicUrl);
  const install = url.protocol === 'https:' ? '__Host-quarterdeck' : `quarterdeck-${url.port || '80'}`;
  return { session: `${install}-session`, csrf: `${install}-csrf`, callback: `${install}-callback` };
}

/** next-auth, kept behind this room: credentials in, a signed session with its version out. */
export function authOptions(): NextAuthOptions {
  const { QD_PUBLIC_URL, QD_SECRET } = config();
  const secure = QD_PUBLIC_URL.startsWith('https:');
  process.env.NEXTAUTH_URL = QD_PUBLIC_URL;
  const cookie = (name: string) => ({
    name,
    options: { httpOnly: true, sameSite: 'lax' as const, path: '/', secure },
  });
  const names = cookieNames();
  return {
    secret: QD_SECRET,
    session: { strategy: 'jwt', maxAge: sessionSeconds },
    logger: {
      error: (code, metadata) => log().warn({ code, err: messageOf(metadata) }, 'next-auth reports an error'),
      warn: (code) => log().debug({ code }, 'next-auth warns'),
      debug: () => {},
    },
    pages: { signIn: '/sign-in', error: '/sign-in' },
    cookies: {
      sessionToken: cookie(names.session),
      csrfToken: cookie(names.csrf),
      callbackUrl: cookie(names.callback),
    },
    providers: [
      CredentialsProvider({
        credentials: { email: {}, password: {} },
        async authorize(credentials, request) {
          const headers = new Headers(Object.entries((request.headers ?? {}) as Record<string, string>));
          const ctx = contextFor(null);
          ctx.address = clientAddress(headers, trustedProxies());
          try {
            return await signIn(ctx, textOf(credentials?.email), textOf(credentials?.password));
          } catch (error) {
            // next-auth hands the message of an error to the sign-in page as its `error` parameter.
            throw new Error(error instanceof AppError ? codeFor(error) : 'unavailable');
          }
        },
      }),
    ],
    callbacks: {
      jwt({ token, user }) {
        if (user) token.sessionVersion = (user as unknown as { sessionVersion: number }).sessionVersion;
        return token;
      },
      redirect({ url, baseUrl }) {
        if (/^\/(?![/\\])/.test(url)) return `${baseUrl}${url}`;
        return URL.canParse(url) && new URL(url).origin === baseUrl ? url : baseUrl;
      },
    },
  };
}

/** The message alone: a whole error would carry what was sent. */
function messageOf(metadata: unknown): string {
  const error = metadata instanceof Error ? metadata : (metadata as { error?: unknown } | null)?.error;
  return error instanceof Error ? error.message : 'unknown';
}

/** JSON may carry anything under the names of a form. */
const textOf = (value: unknown) => (typeof value === 'string' ? value : '');

function codeFor(error: AppError): string {
  return error.code === 'auth.throttled' ? `throttled-${Math.ceil(error.retryAfterSeconds ?? 1)}` : 'credentials';
}

export function trustedProxies(): string[] {
  return splitList(config().QD_TRUSTED_PROXIES);
}

/** Whom a session cookie stands for and with which session version; null when it is absent, forged or expired. */
export async function readSession(
  cookies: string | null,
): Promise<{ personId: string; sessionVersion: number } | null> {
  const name = `${cookieNames().session}=`;
  const pair = cookies?.split(/;\s*/).find((part) => part.startsWith(name));
  if (!pair) return null;
  try {
    const claims = await decode({ token: decodeURIComponent(pair.slice(name.length)), secret: config().QD_SECRET });
    if (!claims?.sub || typeof claims.sessionVersion !== 'number') return null;
    return { personId: claims.sub, sessionVersion: claims.sessionVersion };
  } catch {
    return null; // a forged or foreign cookie is no session
  }
}
