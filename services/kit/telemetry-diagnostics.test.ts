import { expect, it } from 'vitest';
import { quietDiagnostics } from './telemetry-diagnostics.ts';

it('complains at most once a minute, and says how much it left out', () => {
  const lines: string[] = [];
  let now = 0;
  const diagnostics = quietDiagnostics(
    (line) => lines.push(line),
    () => now,
  );
  for (let index = 0; index < 5; index++) diagnostics.error('connect ECONNREFUSED');
  now = 60_000;
  diagnostics.warn('still away');
  diagnostics.info('never shown');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { level: 'error', msg: 'telemetry: connect ECONNREFUSED', left_out: 0 },
    { level: 'warn', msg: 'telemetry: still away', left_out: 4 },
  ]);
});
