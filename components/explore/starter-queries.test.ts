import { parser } from '@prometheus-io/lezer-promql';
import { describe, expect, it } from 'vitest';
import { starterQueries } from './starter-queries.ts';

const metric = (name: string, type: string | null = null) => ({ name, type });

describe('starterQueries', () => {
  it('offers what fits the metrics that there are', () => {
    const found = starterQueries([metric('up'), metric('http_server_request_duration_seconds', 'histogram')]);
    expect(found[0]).toEqual({
      title: 'Requests per second by service',
      expr: 'topk(10, sum by (job) (rate(http_server_request_duration_seconds_count[5m])))',
    });
    expect(found.map(({ expr }) => expr)).toContain('up == 0');
    expect(found.map(({ title }) => title)).not.toContain('CPU used, in cores');
  });
  it('falls back to the counters of an engine that it does not know', () => {
    expect(starterQueries([metric('my_jobs_total', 'counter'), metric('my_gauge', 'gauge')])).toEqual([
      { title: 'my_jobs_total, per second', expr: 'sum(rate(my_jobs_total[5m]))' },
    ]);
  });
  it('offers nothing where there is nothing', () => expect(starterQueries([])).toEqual([]));
  it('writes PromQL that parses', () => {
    const names = [
      'up',
      'http_server_request_duration_seconds_count',
      'http_client_request_duration_seconds',
      'process_cpu_seconds_total',
      'process_resident_memory_bytes',
      'nodejs_eventloop_lag_p99_seconds',
    ];
    for (const { expr } of starterQueries(
      names.map((name) => metric(name)),
      20,
    )) {
      const broken: number[] = [];
      parser.parse(expr).iterate({ enter: (node) => void (node.type.isError && broken.push(node.from)) });
      expect(broken, expr).toEqual([]);
    }
  });
});
