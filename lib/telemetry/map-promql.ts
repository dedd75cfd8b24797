import { arm, duration, labelList, type Matcher, selector, union } from '#lib/adapters/prometheus/index.ts';

/** The service graph as Tempo's metrics generator and our receiver name it. */
const graph = 'traces_service_graph_request';
const edgeLabels = ['client', 'server', 'connection_type'] as const;

export interface MapScope {
  /** Matchers of the environment. */
  environment: Matcher[];
  /** The label that holds the environment. */
  environmentLabel: string;
  windowMs: number;
}

const rate = (metric: string, { environment, windowMs }: MapScope, only: Matcher[] = []) =>
  `rate(${selector(metric, [...environment, ...only])}[${duration(windowMs)}])`;

const sumBy = (labels: readonly string[], raw: string) => `sum by (${labelList(labels)}) (${raw})`;

/** Every call that was seen in so long a time, also one that nobody makes now; by edge and environment. */
export function callsSeen(scope: MapScope): string {
  const all = `last_over_time(${selector(`${graph}_total`, scope.environment)}[${duration(scope.windowMs)}])`;
  return `count by (${labelList([...edgeLabels, scope.environmentLabel])}) (${all})`;
}

/** Requests and failures per second by edge. */
export function callRates(scope: MapScope): string {
  return union([
    arm(sumBy(edgeLabels, rate(`${graph}_total`, scope)), 'rate'),
    arm(sumBy(edgeLabels, rate(`${graph}_failed_total`, scope)), 'errors'),
  ]);
}

/**
 * Durations by edge as cumulative bucket rates, from which quantiles of edges and of nodes are read at once. The
 * caller's come only where the called one may measure none of its own.
 */
export function callDurations(scope: MapScope): string {
  const by = [...edgeLabels, 'le'];
  const virtual: Matcher = ['connection_type', '=', 'virtual_node'];
  const others: Matcher = ['connection_type', '!=', 'virtual_node'];
  const measured = sumBy(edgeLabels, rate(`${graph}_server_seconds_count`, scope));
  const client = `${graph}_client_seconds_bucket`;
  return union([
    arm(sumBy(by, rate(`${graph}_server_seconds_bucket`, scope)), 'server'),
    arm(sumBy(by, rate(client, scope, [virtual])), 'client'),
    arm(
      `(${sumBy(by, rate(client, scope, [others]))} unless on (${labelList(edgeLabels)}) (${measured} > 0))`,
      'client',
    ),
  ]);
}

/** Which environments have a service graph at all; asked where one has none. */
export function graphEnvironments(environmentLabel: string): string {
  return `count by (${labelList([environmentLabel])}) (${selector(`${graph}_total`)})`;
}
