import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { dismissGuardian } from '#deploy/local/process/guardian.ts';
import { benchAlerts } from './alerts.ts';
import { benchDemo } from './demo.ts';
import { benchGateway } from './gateway.ts';
import { benchOverview } from './overview.ts';
import { benchReceiver } from './receiver.ts';
import { type Row, report } from './report.ts';
import { benchSlos } from './slos.ts';
import { benchStream } from './stream.ts';
import { benchTrace } from './trace.ts';

async function receiver(): Promise<Row[]> {
  const loads = await benchReceiver({ seconds: 15 });
  return loads.flatMap((load) => {
    const bench = `receiver, ${load.name}`;
    const sustained = load.name.startsWith('sustained');
    const bar = sustained ? { bar: '≥ 4,950', met: load.acknowledgedPerSecond >= 4_950 } : {};
    return [
      { bench, measure: 'spans acknowledged', value: Math.round(load.acknowledgedPerSecond), unit: '/s', ...bar },
      { bench, measure: 'spans lost', value: load.lostSpans, unit: 'spans', bar: '0', met: load.lostSpans === 0 },
      { bench, measure: 'requests refused', value: load.refusedRequests, unit: 'requests' },
      { bench, measure: 'spans kept', value: load.keptPart, unit: 'of those acknowledged' },
      { bench, measure: 'acknowledged in, p99', value: load.ackP99Ms, unit: 'ms' },
      {
        bench,
        measure: 'memory, highest',
        value: load.maxRssMegabytes,
        unit: 'MB',
        bar: '< 400',
        met: load.maxRssMegabytes < 400,
      },
    ];
  });
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  // How long alerts are sent; a shorter time for a first look.
  options: { minutes: { type: 'string', default: '10' } },
});

const benches: Record<string, () => Promise<Row[]>> = {
  alerts: () => benchAlerts(Number(values.minutes)),
  'overview-5': () => benchOverview(5),
  'overview-50': () => benchOverview(50),
  'overview-500': () => benchOverview(500),
  gateway: benchGateway,
  stream: benchStream,
  receiver,
  demo: benchDemo,
  trace: benchTrace,
  slos: benchSlos,
};

const unknown = positionals.filter((name) => !(name in benches));
if (unknown.length > 0) {
  process.stderr.write(`No bench named ${unknown.join(', ')}. There is ${Object.keys(benches).join(', ')}.\n`);
  process.exit(2);
}
const rows: Row[] = [];
for (const name of positionals.length > 0 ? positionals : Object.keys(benches)) {
  process.stdout.write(`${name} …\n`);
  try {
    rows.push(...(await benches[name]!()));
  } catch (error) {
    process.stdout.write(`${name} failed: ${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
await dismissGuardian();
const file = report(rows, join(import.meta.dirname, '..', '..', 'bench-results'));
process.stdout.write(`\nWritten to ${file}\n`);
process.exit();
