import { type Past, phases, type Service, type Trouble } from './events.ts';
import { logNormalShare, randomFrom, rhythm } from './rhythm.ts';

/** Calls of one kind, at 20 requests a second of traffic. */
type Flow = {
  caller: 'traffic' | Service;
  service: Service;
  method: string;
  route: string;
  perSecond: number;
  status: string;
  medianSeconds: number;
  sigma: number;
  /** What of the trouble of others this one sees, by the service that is in trouble. */
  suffers: Partial<Record<Service, number>>;
};

const usualErrors: Record<Service, number> = {
  gateway: 0.000_12,
  product: 0.000_1,
  order: 0.000_14,
  payment: 0.000_11,
};

/** As measured on the live fleet, with the routes of a service as one where they are alike. */
const flows: readonly Flow[] = [
  flow('traffic', 'gateway', 'GET', '/api/products', 17.6, '200', 0.004, 0.7, { product: 0.9, order: 0.1 }),
  flow('traffic', 'gateway', 'POST', '/api/orders', 1.45, '201', 0.042, 0.5, { order: 1, payment: 0.5, product: 0.9 }),
  flow('gateway', 'product', 'GET', '/products', 13.2, '200', 0.003, 0.7, {}),
  flow('gateway', 'order', 'POST', '/orders', 3.45, '201', 0.012, 0.9, { payment: 0.3, product: 0.6 }),
  flow('order', 'product', 'PUT', '/reservations/:id', 2.9, '201', 0.011, 0.6, {}),
  flow('order', 'payment', 'POST', '/charges', 3.1, '202', 0.004, 0.8, {}),
];

function flow(
  caller: Flow['caller'],
  service: Service,
  method: string,
  route: string,
  perSecond: number,
  status: string,
  medianSeconds: number,
  sigma: number,
  suffers: Flow['suffers'],
): Flow {
  return { caller, service, method, route, perSecond, status, medianSeconds, sigma, suffers };
}

const bounds = ['0.005', '0.01', '0.05', '0.1', '0.25', '0.5', '1', '+Inf'] as const;
/** Of the bounds, those that a service itself is drawn from. */
const serverBounds: readonly string[] = ['0.005', '0.01', '0.05', '0.1', '0.25', '0.5', '+Inf'];

export type CounterSeries = {
  name: string;
  labels: Record<string, string>;
  /** Of the first value on the common grid. */
  firstStep: number;
  values: Float64Array;
};

/** The common grid of all counters: value number `i` stands at `fromMs + i * stepMs`. */
export type Grid = { fromMs: number; stepMs: number; steps: number };

/** The counters of the fleet over the past, as its replicas and their callers would have exposed them. */
export function* shopSeries(past: Past, grid: Grid, environment: string, scale: number): Generator<CounterSeries> {
  const pace = rhythm(past.untilMs);
  for (const [index, one] of flows.entries()) {
    const random = randomFrom(index + 1);
    const count = new Float64Array(grid.steps);
    const failed = new Float64Array(grid.steps);
    const within = bounds.map(() => new Float64Array(grid.steps));
    for (let step = 1; step < grid.steps; step++) {
      const atMs = grid.fromMs + step * grid.stepMs;
      const { errorRatio, slower } = stateAt(past.troubles, one, atMs);
      const requests = whole(one.perSecond * scale * pace(atMs) * (grid.stepMs / 1_000), random());
      const bad = Math.min(requests, whole(requests * errorRatio, random()));
      count[step] = requests - bad;
      failed[step] = bad;
      // One number for all bounds keeps the buckets cumulative.
      const luck = random();
      for (const [le, bound] of bounds.entries()) {
        const share = logNormalShare(boundSeconds(bound), one.medianSeconds * slower, one.sigma);
        (within[le] as Float64Array)[step] =
          le === bounds.length - 1 ? requests - bad : whole((requests - bad) * share, luck);
      }
    }
    yield* seriesOf(one, index, { count, failed, within }, past, grid, environment);
  }
}

type Counts = { count: Float64Array; failed: Float64Array; within: Float64Array[] };

/** Of the bounds, those that callers are asked for. */
const callerBounds: readonly string[] = ['0.25', '0.5', '+Inf'];

function* seriesOf(
  one: Flow,
  index: number,
  counts: Counts,
  past: Past,
  grid: Grid,
  environment: string,
): Generator<CounterSeries> {
  const named = (job: string, instance: string) => ({
    job,
    service_name: job,
    deployment_environment_name: environment,
    instance,
  });
  const client = {
    // Two flows of one pair and method would be the same series otherwise.
    ...named(one.caller, `${one.caller}-generated-${index + 1}`),
    peer_service: one.service,
    http_request_method: one.method,
  };
  const throughout = { first: 0, last: grid.steps };
  const failedWithin = bounds.map(() => counts.failed);
  const called = 'http_client_request_duration_seconds';
  const answered = { ...client, http_response_status_code: one.status };
  const refused = { ...client, http_response_status_code: '500', error_type: '500' };
  yield* family(called, answered, counts.within, counts.count, throughout, callerBounds);
  yield* family(called, refused, failedWithin, counts.failed, throughout, callerBounds);
  for (const [nth, phase] of phases(past, one.service).entries()) {
    const first = Math.max(0, Math.ceil((phase.fromMs - grid.fromMs) / grid.stepMs));
    const end = Math.ceil((phase.toMs - grid.fromMs) / grid.stepMs);
    const last = Math.min(grid.steps, phase.toMs === past.untilMs ? end + 1 : end);
    if (last <= first) continue;
    const replica = { ...named(one.service, `${one.service}-generated-${nth + 1}`), service_version: phase.version };
    const server = (status: string) => ({
      ...replica,
      http_request_method: one.method,
      http_route: one.route,
      http_response_status_code: status,
    });
    const served = 'http_server_request_duration_seconds';
    yield* family(served, server(one.status), counts.within, counts.count, { first, last }, serverBounds);
    // How long failures took is asked of their callers; here they are counted only, to keep the history small.
    yield part(`${served}_count`, server('500'), counts.failed, { first, last });
    if (one.service !== 'payment') continue;
    // A charge is settled a while after its answer.
    const settled = settlements(counts.count, index);
    yield* family('payment_settlement_duration_seconds', replica, settled, counts.count, { first, last }, [
      '1',
      '+Inf',
    ]);
  }
}

/** Settlements within each bound: of some hundred charges one takes longer than a second. */
function settlements(count: Float64Array, seed: number): Float64Array[] {
  const random = randomFrom(1_000 + seed);
  const luck = count.map(random);
  return bounds.map((bound) =>
    count.map((requests, step) =>
      whole(requests * logNormalShare(boundSeconds(bound), 0.16, 0.68), luck[step] as number),
    ),
  );
}

interface Steps {
  first: number;
  last: number;
}

function* family(
  metric: string,
  labels: Record<string, string>,
  within: readonly Float64Array[],
  count: Float64Array,
  steps: Steps,
  kept: readonly string[],
): Generator<CounterSeries> {
  for (const [index, values] of within.entries()) {
    const le = bounds[index] as string;
    if (kept.includes(le)) yield part(`${metric}_bucket`, { ...labels, le }, values, steps);
  }
  yield part(`${metric}_count`, labels, count, steps);
}

function part(
  name: string,
  labels: Record<string, string>,
  values: Float64Array,
  { first, last }: Steps,
): CounterSeries {
  return { name, labels, firstStep: first, values: summed(values, first, last) };
}

const boundSeconds = (bound: string) => Number(bound.replace('+Inf', 'Infinity'));

function stateAt(troubles: readonly Trouble[], one: Flow, atMs: number): { errorRatio: number; slower: number } {
  let errorRatio = usualErrors[one.service];
  let slower = 1;
  for (const trouble of troubles) {
    if (atMs < trouble.fromMs || atMs >= trouble.toMs) continue;
    const share = trouble.service === one.service ? 1 : (one.suffers[trouble.service] ?? 0);
    errorRatio = Math.max(errorRatio, trouble.errorRatio * share);
    if (share > 0) slower = Math.max(slower, trouble.slower);
  }
  return { errorRatio, slower };
}

/** A whole number that is `value` on average, by a number from 0 to 1. */
const whole = (value: number, luck: number) => Math.floor(value + luck);

/** What a counter shows that counts the values from `first` on. */
function summed(values: Float64Array, first: number, last: number): Float64Array {
  const out = new Float64Array(last - first);
  let sum = 0;
  for (let step = first; step < last; step++) {
    sum += values[step] as number;
    out[step - first] = sum;
  }
  return out;
}
