import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { queryUnits } from './explore-url.ts';
import { guessUnit } from './guess-unit.ts';

describe('guessUnit', () => {
  it.each([
    ['up', 'none'],
    ['sum by (job) (rate(http_server_request_duration_seconds_count[5m]))', '/s'],
    ['sum(rate(http_requests_total{job="api",path=~"/a|b"}[5m])) by (job)', '/s'],
    ['rate(node_network_receive_bytes_total[5m])', 'bytes/s'],
    ['rate(process_cpu_seconds_total[1m])', 'cores'],
    ['process_resident_memory_bytes', 'bytes'],
    ['sum(process_resident_memory_bytes{job="order"}) / 1024', 'none'],
    ['histogram_quantile(0.95, sum by (le) (rate(http_server_request_duration_seconds_bucket[5m])))', 'seconds'],
    ['histogram_quantile(0.5, sum by (le) (rate(http_response_size_bytes_bucket[5m])))', 'bytes'],
    [
      'rate(http_server_request_duration_seconds_sum[5m]) / rate(http_server_request_duration_seconds_count[5m])',
      'seconds',
    ],
    ['sum(rate(http_requests_total{code=~"5.."}[5m])) / sum(rate(http_requests_total[5m]))', 'ratio'],
    ['100 * (sum(rate(a_total{x="1"}[5m])) / sum(rate(a_total[5m])))', 'none'],
    ['increase(http_requests_total[1h])', 'count'],
    ['count(up == 0)', 'count'],
    ['nodejs_eventloop_lag_p99_seconds', 'seconds'],
    ['process_start_time_seconds', 'none'],
    ['cache_hit_ratio', 'ratio'],
    ['topk(5, rate(http_requests_total[5m]))', '/s'],
    ['max_over_time(process_resident_memory_bytes[1h])', 'bytes'],
    ['rate(http_requests_total[5m]) > 3', '/s'],
    ['(process_resident_memory_bytes)', 'bytes'],
    ['label_replace(process_resident_memory_bytes, "a", "$1", "b", "(.*)")', 'bytes'],
    ['# only a comment\nup', 'none'],
    ['', 'none'],
    ['sum by (', 'none'],
  ])('%s → %s', (expr, unit) => expect(guessUnit(expr)).toBe(unit));

  it('answers for any text at all', () => {
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => queryUnits.includes(guessUnit(text))));
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom('(', ')', '/', '*', '+', '-', 'rate(', 'a_total', '[5m]', ' or ', '{', '}', '"', ','),
          {
            maxLength: 60,
          },
        ),
        (parts) => queryUnits.includes(guessUnit(parts.join(''))),
      ),
    );
  });
});
