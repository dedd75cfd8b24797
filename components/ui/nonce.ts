'use client';

/** The nonce of this page, for libraries that write style sheets of their own; undefined on the server. */
export function pageNonce(): string | undefined {
  if (typeof document === 'undefined') return undefined;
  return document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce || undefined;
}

/** Hands the nonce to libraries that look for it under webpack's name (the scroll lock of dialogs does). */
export function shareNonce(): void {
  const nonce = pageNonce();
  if (nonce) (globalThis as { __webpack_nonce__?: string }).__webpack_nonce__ = nonce;
}
