const dayMs = 86_400_000;
const minuteMs = 60_000;

export type Service = 'gateway' | 'product' | 'order' | 'payment';

/** Something that went wrong in the generated past, on edges of five minutes: its counters are too coarse for others. */
export type Trouble = {
  service: Service;
  fromMs: number;
  toMs: number;
  /** Share of requests that failed. */
  errorRatio: number;
  /** How many times slower the rest was. */
  slower: number;
};

/** A change of a service's version; a bad one is rolled back when its trouble ends. */
export type Release = { service: Service; atMs: number; version: string; title: string };

export type Past = { fromMs: number; untilMs: number; troubles: Trouble[]; releases: Release[] };

/** The instant of a day so many days before, at an hour and minute in UTC. */
const at = (untilMs: number, daysAgo: number, hour: number, minute: number) =>
  Math.floor(untilMs / dayMs) * dayMs - daysAgo * dayMs + (hour * 60 + minute) * minuteMs;

/** Thirty-five days before `untilMs`: two bad deploys that were rolled back, one outage, and some that went well. */
export function generatedPast(untilMs: number): Past {
  const badOrder = at(untilMs, 19, 13, 20);
  const badPayment = at(untilMs, 6, 9, 40);
  const outage = at(untilMs, 12, 16, 5);
  const release = (service: Service, atMs: number, version: string, title = `Deploy of ${service} ${version}`) => ({
    service,
    atMs,
    version,
    title,
  });
  return {
    fromMs: untilMs - 35 * dayMs,
    untilMs,
    troubles: [
      { service: 'order', fromMs: badOrder, toMs: badOrder + 25 * minuteMs, errorRatio: 0.16, slower: 3 },
      { service: 'product', fromMs: outage, toMs: outage + 10 * minuteMs, errorRatio: 0.72, slower: 1 },
      { service: 'payment', fromMs: badPayment, toMs: badPayment + 15 * minuteMs, errorRatio: 0.34, slower: 2 },
    ],
    releases: [
      release('gateway', at(untilMs, 27, 10, 12), '0.0.8'),
      release('order', badOrder, '0.0.8'),
      release('order', badOrder + 25 * minuteMs, '0.0.7', 'Rollback of order to 0.0.7'),
      release('order', at(untilMs, 17, 14, 2), '0.0.9'),
      release('product', at(untilMs, 15, 9, 30), '0.0.9'),
      release('payment', badPayment, '0.0.9'),
      release('payment', badPayment + 15 * minuteMs, '0.0.8', 'Rollback of payment to 0.0.8'),
      release('payment', at(untilMs, 4, 11, 15), '0.0.10'),
    ],
  };
}

/** Which version of a service ran when, oldest first. */
export function phases({ fromMs, untilMs, releases }: Past, service: Service) {
  const own = releases.filter((one) => one.service === service).sort((a, b) => a.atMs - b.atMs);
  const before = service === 'payment' ? '0.0.8' : '0.0.7';
  return [{ atMs: fromMs, version: before }, ...own].map((phase, index) => ({
    fromMs: phase.atMs,
    toMs: own[index]?.atMs ?? untilMs,
    version: phase.version,
  }));
}
