import http from 'node:http';
import { metric, startConsole } from './console-process.ts';
import { percentile, type Row } from './report.ts';

const viewers = 1_000;
const changes = 20;
const pauseMs = 250;
const hookToken = 'a hook token of the benchmark';

/** How soon 1,000 browsers learn of a change, from the moment that it was sent until each has its event. */
export async function benchStream(): Promise<Row[]> {
  const bench = `stream, ${viewers} viewers`;
  const console = await startConsole({ QD_HOOK_TOKEN: hookToken });
  const requests: http.ClientRequest[] = [];
  try {
    const arrivals: number[][] = [];
    let open = 0;
    const agent = new http.Agent({ maxSockets: viewers + 1, keepAlive: true });
    for (let viewer = 0; viewer < viewers; viewer++) {
      const request = http.get(`${console.url}/api/stream`, { agent, headers: console.headers }, (response) => {
        open += 1;
        let seen = 0;
        response.on('data', (chunk: Buffer) => {
          const events = chunk.toString('latin1').split('event: change').length - 1;
          for (let event = 0; event < events; event++) {
            arrivals[seen] ??= [];
            arrivals[seen++]!.push(performance.now());
          }
        });
        response.on('error', () => {});
      });
      request.on('error', () => {});
      requests.push(request);
      if (viewer % 50 === 49) await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const until = Date.now() + 30_000;
    while (open < viewers && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 100));
    const rssBefore = await metric(console.url, 'process_resident_memory_bytes');

    const sent: number[] = [];
    for (let change = 0; change < changes; change++) {
      sent.push(performance.now());
      const response = await fetch(`${console.url}/api/hooks/changes`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${hookToken}` },
        body: JSON.stringify({ id: `bench-${change}`, kind: 'deploy', services: ['bench'] }),
      });
      if (response.status !== 202) throw new Error(`the hook answered ${response.status}`);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const delays = arrivals.flatMap((times, change) => times.map((at) => at - sent[change]!));
    const missing = viewers * changes - delays.length;
    const p99 = percentile(delays, 0.99);
    return [
      { bench, measure: 'connected', value: open, unit: 'browsers', bar: '1,000', met: open === viewers },
      { bench, measure: 'change seen, p50', value: percentile(delays, 0.5), unit: 'ms' },
      { bench, measure: 'change seen, p99', value: p99, unit: 'ms', bar: '< 1,000', met: p99 < 1_000 },
      { bench, measure: 'events that did not arrive', value: missing, unit: 'events', bar: '0', met: missing === 0 },
      { bench, measure: 'memory of the console', value: Math.round(rssBefore / 2 ** 20), unit: 'MiB' },
    ];
  } finally {
    for (const request of requests) request.destroy();
    await console.stop();
  }
}
