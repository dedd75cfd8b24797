import { afterEach, expect, test } from 'vitest';
import { type LogSource, setLogSources } from '#lib/adapters/logs/index.ts';
import { tailLogs } from './tail-logs.ts';

const silent: LogSource = {
  source: { id: 'silent', name: 'Silent', kind: 'embedded', url: null },
  search: async () => ({ lines: [], truncated: false, notes: [] }),
  histogram: async () => Promise.reject(new Error('not asked')),
  context: async () => null,
  async *tail(_query, { signal }) {
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  },
  services: async () => [],
  attributeKeys: async () => [],
  attributeValues: async () => [],
  version: async () => null,
};
const follow = (init: RequestInit = {}) =>
  tailLogs({ env: 'production' }, Date.now(), new Request('http://localhost/', init), { forMs: 100 });

afterEach(() => setLogSources(null));

test('whoever left before the stream began takes no place from those who follow', async () => {
  setLogSources([silent]);
  for (let left = 0; left < 150; left += 1) await follow({ signal: AbortSignal.abort() });
  const response = await follow();
  expect(await response.text()).toBe('retry: 2000\n\n');
});
