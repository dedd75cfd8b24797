import { expect, it } from 'vitest';
import { addDuration, emptyDurations } from '../decode/tally.ts';
import { exposition } from './exposition.ts';
import { seriesStore } from './series.ts';

function durations(...seconds: number[]) {
  const made = emptyDurations();
  for (const one of seconds) addDuration(made, one);
  return made;
}

it('what has no room is counted under fewer names, and their number is bounded too', () => {
  let overflows = 0;
  const store = seriesStore(
    20,
    ([environment = '', client = '']) => [
      [environment, client, '_other'],
      ['_other', '_other', '_other'],
    ],
    () => {
      overflows += 1;
    },
  );
  for (let n = 0; n < 20; n++) store.add(['test', 'order', `host ${n}`], { requests: 1, failed: 0 });
  for (let n = 20; n < 100; n++) store.add(['test', 'order', `host ${n}`], { requests: 1, failed: 1 });
  for (let n = 0; n < 100; n++) store.add(['test', `client ${n}`, 'host'], { requests: 1, failed: 0 });
  const all = [...store];
  expect(all.find(({ labels }) => labels.join() === 'test,order,_other')).toMatchObject({ requests: 80, failed: 80 });
  expect(all.find(({ labels }) => labels.join() === '_other,_other,_other')?.requests).toBeGreaterThan(0);
  expect(all.reduce((sum, { requests }) => sum + requests, 0)).toBe(200);
  expect(store.size()).toBeLessThanOrEqual(23);
  expect(overflows).toBe(180);
});

it('series that nothing was added to make room', () => {
  const store = seriesStore(
    1,
    () => [['_other']],
    () => {},
  );
  store.add(['old'], { requests: 1, failed: 0 });
  store.forgetUntouchedSince(Date.now() + 1);
  store.add(['new'], { requests: 1, failed: 0 });
  expect([...store].map(({ labels }) => labels)).toEqual([['new']]);
});

it('is written as Prometheus reads it: cumulative buckets, escaped labels, no histogram of a side nobody measured', () => {
  const store = seriesStore(
    10,
    () => [],
    () => {},
  );
  const labels = ['test', 'a "quoted" \\ name\n', 'db', 'database'];
  store.add(labels, { requests: 3, failed: 1, client: durations(0.001, 0.002, 0.003) });
  store.add(labels, { requests: 1, failed: 0, client: durations(100) });
  const lines = exposition(store, []).split('\n');
  const escaped =
    'deployment_environment_name="test",client="a \\"quoted\\" \\\\ name\\n",server="db",connection_type="database"';
  expect(lines).toContain(`traces_service_graph_request_total{${escaped}} 4`);
  expect(lines).toContain(`traces_service_graph_request_failed_total{${escaped}} 1`);
  const buckets = lines.filter((line) => line.startsWith('traces_service_graph_request_client_seconds_bucket'));
  const counts = buckets.map((line) => [/le="([^"]+)"/.exec(line)?.[1], Number(line.split(' ').at(-1))]);
  expect(counts.slice(0, 3)).toEqual([
    ['0.002', 2],
    ['0.004', 3],
    ['0.008', 3],
  ]);
  expect(counts.slice(-2)).toEqual([
    ['16.384', 3],
    ['+Inf', 4],
  ]);
  expect(lines).toContain(`traces_service_graph_request_client_seconds_count{${escaped}} 4`);
  expect(lines.filter((line) => line.startsWith('traces_service_graph_request_server_seconds_'))).toEqual([]);
});
