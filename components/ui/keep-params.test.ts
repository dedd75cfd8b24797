import { describe, expect, it } from 'vitest';
import { keepParams } from './keep-params.ts';

describe('keepParams', () => {
  const now = new URLSearchParams('env=staging&from=now-6h&to=now&q=payment');
  it('carries environment and time along, and nothing else', () => {
    expect(keepParams('/services/order', now)).toBe('/services/order?env=staging&from=now-6h&to=now');
  });
  it('lets the link decide where it says something itself', () => {
    expect(keepParams('/services?env=production#x', now)).toBe('/services?env=production&from=now-6h&to=now#x');
  });
  it('leaves other sites alone', () => {
    expect(keepParams('https://example.org/a', now)).toBe('https://example.org/a');
    expect(keepParams('//example.org/a', now)).toBe('//example.org/a');
  });
});
