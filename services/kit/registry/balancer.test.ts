import { describe, expect, it } from 'vitest';
import { Balancer, type Endpoint } from './balancer.ts';

const endpoint = (name: string): Endpoint => ({ instanceId: name, origin: `http://${name}:1` });
const [a, b, c] = [endpoint('a'), endpoint('b'), endpoint('c')];

describe('Balancer', () => {
  it('picks nobody from nobody, and the only one there is', () => {
    const balancer = new Balancer();
    expect(balancer.pick([])).toBeUndefined();
    expect(balancer.pick([a])).toBe(a);
  });

  it('spreads idle load over all', () => {
    const balancer = new Balancer();
    const picked = new Map<string, number>();
    for (let index = 0; index < 3_000; index++) {
      const { instanceId } = balancer.pick([a, b, c]) as Endpoint;
      picked.set(instanceId, (picked.get(instanceId) ?? 0) + 1);
    }
    for (const count of picked.values()) expect(count).toBeGreaterThan(500);
    expect(picked.size).toBe(3);
  });

  it('prefers the one of two with fewer calls in flight', () => {
    const balancer = new Balancer();
    balancer.started(a);
    for (let index = 0; index < 50; index++) expect(balancer.pick([a, b])).toBe(b);
  });

  it('goes elsewhere after a try, and back when there is nowhere else', () => {
    const balancer = new Balancer();
    expect(balancer.pick([a, b], new Set([a.origin]))).toBe(b);
    expect(balancer.pick([a], new Set([a.origin]))).toBe(a);
  });

  it('passes over an instance that could not be reached, for a while', () => {
    let now = 0;
    const balancer = new Balancer(Math.random, () => now);
    balancer.started(a);
    balancer.finished(a, false);
    for (let index = 0; index < 50; index++) expect(balancer.pick([a, b])).toBe(b);
    expect(balancer.pick([a])).toBe(a);
    now = 3_001;
    const picked = new Set(Array.from({ length: 100 }, () => balancer.pick([a, b])));
    expect(picked.has(a)).toBe(true);
  });
});
