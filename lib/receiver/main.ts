import { setFlagsFromString } from 'node:v8';
import { ConfigError } from '#lib/core/config.ts';
import { log } from '#lib/core/log.ts';
import { loadReceiverConfig } from './config.ts';
import { startReceiver } from './receiver.ts';

process.env.QD_PROCESS ??= 'receiver';
// Bodies and rows live for moments; left alone, the heap grows to four times of what is in use before they are freed.
setFlagsFromString('--heap-growing-percent=60');
/** Longer than a drain: reached only when Postgres hangs. What is cut off then was not acknowledged. */
const longestStopMs = 9_500;

try {
  const receiver = await startReceiver(loadReceiverConfig());
  log().info({ url: receiver.url }, 'the receiver listens');
  let stopping = false;
  const stop = async (signal: string) => {
    if (stopping) return;
    stopping = true;
    log().info({ signal }, 'stopping');
    setTimeout(() => process.exit(1), longestStopMs).unref();
    await receiver.close();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => stop(signal));
} catch (error) {
  if (error instanceof ConfigError) console.error(error.message);
  else log().fatal({ err: error }, 'the receiver could not start');
  process.exit(1);
}
