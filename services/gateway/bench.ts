// How many cached reads a second one gateway answers: `node gateway/bench.ts [seconds]`. Needs wrk; prints JSON.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { startService } from '#kit/testing/process.ts';
import { answerJson, startUpstream } from '#kit/testing/upstream.ts';

const run = promisify(execFile);
const seconds = Number(process.argv[2] ?? '8');
const key = 'bench-key-0123456789';
const PATH = '/api/products/prd_0001';
// About a kilobyte, as a product with a longer description is.
const product = {
  id: 'prd_0001',
  name: 'Oslo kettle',
  description: 'Kettle in steel, from the Oslo series. '.repeat(24),
};

const behind = await startUpstream((response) => answerJson(response, 200, product));
const gateway = await startService('gateway', {
  GATEWAY_API_KEYS: `bench:${key}`,
  RATE_LIMIT_PER_SECOND: '10000000',
  TRACES_SAMPLE_RATIO: '0.01',
  PRODUCT_URL: behind.origin,
  ORDER_URL: behind.origin,
  PAYMENT_URL: behind.origin,
});
// Ticks of a hundredth of a second that the process has used.
const cpuSeconds = async () => {
  const fields = (await readFile(`/proc/${gateway.child.pid}/stat`, 'utf8')).split(' ');
  return (Number(fields[13]) + Number(fields[14])) / 100;
};
const wrk = (durationSeconds: number) =>
  run('wrk', ['-t1', '-c32', `-d${durationSeconds}s`, '--latency', '-H', `x-api-key: ${key}`, gateway.url + PATH]);

try {
  await wrk(3);
  const before = await cpuSeconds();
  const { stdout } = await wrk(seconds);
  const cpu = (await cpuSeconds()) - before;
  const requests = Number(/(\d+) requests in/.exec(stdout)?.[1]);
  const result = {
    requestsPerSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]),
    p99: /99%\s+(\S+)/.exec(stdout)?.[1],
    failures: Number(/Non-2xx or 3xx responses: (\d+)/.exec(stdout)?.[1] ?? '0'),
    // What one processor of its own could answer: comparable also when the machine is busy with other things.
    requestsPerCpuSecond: Math.round(requests / cpu),
    requestsBehind: behind.requests.length,
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
} finally {
  await gateway.end();
  await behind.close();
}
