import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { contentSecurityPolicy, toastStyleHash } from './content-security-policy.ts';

describe('contentSecurityPolicy', () => {
  const policy = contentSecurityPolicy('abc');
  it('lets only scripts and styles of this request run', () => {
    expect(policy).toContain("script-src 'self' 'nonce-abc' 'strict-dynamic';");
    expect(policy).toContain("style-src 'self' 'nonce-abc' ");
    expect(policy).not.toContain('unsafe-eval');
  });
  it.each(["object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"])('says %s', (part) => {
    expect(policy.split('; ')).toContain(part);
  });
  it('knows the style sheet that the installed toast library writes', () => {
    const source = readFileSync(fileURLToPath(import.meta.resolve('sonner')), 'utf8');
    const literal = /__insertCSS\(("(?:[^"\\]|\\.)*")\)/.exec(source)?.[1];
    const css: string = JSON.parse(literal ?? '""');
    expect(toastStyleHash).toBe(`'sha256-${createHash('sha256').update(css).digest('base64')}'`);
  });
});
