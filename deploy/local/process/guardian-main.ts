import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { GuardianMessage } from './guardian.ts';
import { type Doomed, endAll } from './signal.ts';

const children = new Map<number, Doomed>();
const paths = new Set<string>();

// Outlives its owner on purpose: only the end of its standard input counts.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const message = JSON.parse(line) as GuardianMessage;
  if (message.op === 'add') children.set(message.child.pid, message.child);
  else if (message.op === 'remove') children.delete(message.pid);
  else if (message.op === 'addPath') paths.add(message.path);
  else paths.delete(message.path);
});
lines.on('close', async () => {
  await endAll([...children.values()]);
  for (const path of paths) rmSync(path, { recursive: true, force: true, maxRetries: 5 });
  process.exit(0);
});
