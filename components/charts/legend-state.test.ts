import { describe, expect, it } from 'vitest';
import { isolate, toggle } from './legend-state.ts';

const keys = ['p50', 'p95', 'p99'];

describe('the legend', () => {
  it('leaves one series on a click, and all on a second', () => {
    const alone = isolate(keys, new Set(), 'p95');
    expect([...alone]).toEqual(['p50', 'p99']);
    expect(isolate(keys, alone, 'p95').size).toBe(0);
  });
  it('moves to another one that is clicked', () => {
    expect([...isolate(keys, new Set(['p50', 'p99']), 'p50')]).toEqual(['p95', 'p99']);
  });
  it('hides and shows one with a modifier', () => {
    const hidden = toggle(keys, new Set(), 'p99');
    expect([...hidden]).toEqual(['p99']);
    expect(toggle(keys, hidden, 'p99').size).toBe(0);
  });
  it('never leaves nothing', () => {
    expect(toggle(keys, new Set(['p50', 'p95']), 'p99').size).toBe(0);
  });
});
