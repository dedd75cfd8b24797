import { describe, expect, it } from 'vitest';
import { readWorkloads } from './workloads.ts';

const row = (stat: string, value: number, labels: Record<string, string> = {}, source = '') => ({
  labels: { qd_service: 'order', qd_stat: stat, qd_source: source, ...labels },
  points: [[0, value] as const],
});
const read = (...rows: ReturnType<typeof row>[]) => readWorkloads(rows).get('order');

describe('how many replicas there are', () => {
  it('is what the scrape targets say, where nothing runs them that we know', () => {
    const found = read(row('targets', 3), row('targets_up', 2, { service_version: '1.0' }));
    expect(found).toMatchObject({ replicas: { ready: 2, desired: 3, restartsLastHour: null }, isManaged: false });
    expect(found?.versions).toEqual([{ version: '1.0', replicas: 2 }]);
  });

  it('is what the supervisor says, ready rather than only running', () => {
    const found = read(
      row('targets', 2),
      row('targets_up', 2),
      row('running', 3, {}, 'supervisor'),
      row('ready', 2, {}, 'supervisor'),
      row('desired', 3, {}, 'supervisor'),
      row('restarts', 1.98),
    );
    expect(found).toMatchObject({ replicas: { ready: 2, desired: 3, restartsLastHour: 2 }, isManaged: true });
  });

  it('is none, though some should run, after the last one has died', () => {
    const found = read(row('running', 0, {}, 'supervisor'), row('desired', 1, {}, 'supervisor'));
    expect(found?.replicas).toMatchObject({ ready: 0, desired: 1 });
  });

  it('is what Kubernetes says', () => {
    const found = read(row('ready', 2, {}, 'kubernetes'), row('desired', 4, {}, 'kubernetes'), row('targets', 2));
    expect(found).toMatchObject({ replicas: { ready: 2, desired: 4 }, isManaged: false });
  });

  it('is not known of what only pushes its metrics; its versions are', () => {
    const found = read(row('info', 2, { service_version: '2.0' }), row('info', 1, { service_version: '2.1' }));
    expect(found?.replicas).toBeNull();
    expect(found?.versions).toEqual([
      { version: '2.0', replicas: 2 },
      { version: '2.1', replicas: 1 },
    ]);
  });
});
