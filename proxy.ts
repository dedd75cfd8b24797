import { type NextRequest, NextResponse } from 'next/server';
import { contentSecurityPolicy } from '#lib/core/content-security-policy.ts';

/** Gives each page a nonce of its own, and tells it its address. Who may see what is decided where the data is read, not here. */
export function proxy(request: NextRequest): NextResponse {
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64');
  const policy = contentSecurityPolicy(nonce, { development: process.env.NODE_ENV === 'development' });
  const headers = new Headers(request.headers);
  headers.set('x-nonce', nonce);
  headers.set('x-address', request.nextUrl.pathname + request.nextUrl.search);
  headers.set('content-security-policy', policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('content-security-policy', policy);
  return response;
}

export const config = {
  // Not on static files, nor on what sets its own policy or is no page.
  matcher: ['/((?!api/|_next/|r/|healthz$|readyz$|metrics$|icon\\.svg|favicon\\.ico).*)'],
};
