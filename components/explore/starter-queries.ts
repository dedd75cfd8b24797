export interface StarterQuery {
  title: string;
  expr: string;
}

/** A metric as it is listed for completion. */
export interface KnownMetric {
  name: string;
  type: string | null;
}

interface Starter {
  title: string;
  /** The series that must exist: without suffix for a histogram. */
  needs: RegExp;
  expr: (name: string) => string;
}

const histogram =
  /^(http_server_request_duration_seconds|http_server_duration_seconds|http_request_duration_seconds|istio_request_duration_milliseconds|traces_spanmetrics_latency|grpc_server_handling_seconds)(_count)?$/;
const bare = (name: string) => name.replace(/_(count|bucket|sum)$/, '');
const statusOf = (name: string) => (name.startsWith('http_server_') ? 'http_response_status_code' : 'code');

const starters: Starter[] = [
  {
    title: 'Requests per second by service',
    needs: histogram,
    expr: (name) => `topk(10, sum by (job) (rate(${bare(name)}_count[5m])))`,
  },
  {
    title: 'Share of requests that fail, by service',
    needs: /^(http_server_request_duration_seconds|http_request_duration_seconds)(_count)?$/,
    expr: (name) =>
      `sum by (job) (rate(${bare(name)}_count{${statusOf(name)}=~"5.."}[5m]))\n/ sum by (job) (rate(${bare(name)}_count[5m]))`,
  },
  {
    title: 'p95 of the duration, by service',
    needs: histogram,
    expr: (name) => `histogram_quantile(0.95, sum by (job, le) (rate(${bare(name)}_bucket[5m])))`,
  },
  {
    title: 'Calls between services per second',
    needs: /^http_client_request_duration_seconds(_count)?$/,
    expr: (name) => `sum by (job, peer_service) (rate(${bare(name)}_count[5m]))`,
  },
  {
    title: 'CPU used, in cores',
    needs: /^(process_cpu_seconds_total|container_cpu_usage_seconds_total)$/,
    expr: (name) => `sum by (job) (rate(${name}[5m]))`,
  },
  {
    title: 'Memory by instance',
    needs: /^(process_resident_memory_bytes|container_memory_working_set_bytes)$/,
    expr: (name) => `topk(10, ${name})`,
  },
  {
    title: 'Event loop lag, p99, by instance',
    needs: /^nodejs_eventloop_lag_p99_seconds$/,
    expr: (name) => `topk(10, ${name})`,
  },
  { title: 'Targets that cannot be scraped', needs: /^up$/, expr: () => 'up == 0' },
  {
    title: 'Series by metric: what fills the engine',
    needs: /^up$/,
    expr: () => 'topk(15, count by (__name__) ({__name__!=""}))',
  },
];

/** Queries worth starting with, from the metrics that there are: at most `most`. */
export function starterQueries(metrics: readonly KnownMetric[], most = 8): StarterQuery[] {
  const found = starters.flatMap(({ title, needs, expr }) => {
    const metric = metrics.find(({ name }) => needs.test(name));
    return metric ? [{ title, expr: expr(metric.name) }] : [];
  });
  if (found.length > 0) return found.slice(0, most);
  // Names that we do not know: the first counters, as a rate, are still a better start than nothing.
  return metrics
    .filter(({ name, type }) => type === 'counter' || name.endsWith('_total'))
    .slice(0, most)
    .map(({ name }) => ({ title: `${name}, per second`, expr: `sum(rate(${name}[5m]))` }));
}
