import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { rulesFor } from './generate.ts';
import { counter, findBackend, findPromtools, type Stretch, testRules } from './testing/promtool.ts';
import { aStored, testOptions } from './testing/stored.ts';

const sloth = findBackend('sloth');
if (!sloth) process.stdout.write('Generated rules are not held against Sloth: it is not on this machine.\n');

const target = 0.999;

/** What Sloth makes of the same objective: its recordings and its alerts. */
async function slothRules(days: number): Promise<string> {
  const rate = (labels: string) => `sum(rate(http_requests_total${labels}[{{.window}}]))`;
  const spec = {
    version: 'prometheus/v1',
    service: 'payment',
    slos: [
      {
        name: 'payment-availability',
        objective: target * 100,
        sli: { events: { error_query: rate('{code=~"5.."}'), total_query: rate('') } },
        alerting: { name: 'Sloth', page_alert: {}, ticket_alert: {} },
      },
    ],
  };
  const folder = mkdtempSync(join(tmpdir(), 'sloth-'));
  try {
    const [input, output] = [join(folder, 'in.yml'), join(folder, 'out.yml')];
    writeFileSync(input, stringify(spec));
    const args = ['generate', `--default-slo-period=${days}d`, '-i', input, '-o', output];
    await promisify(execFile)(sloth as string, args);
    return readFileSync(output, 'utf8');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const ourSlo = (days: number) =>
  aStored({ target, window: { kind: 'rolling', days }, alerting: { tiers: null, minFailures: 0, absentPages: null } });

const groupsOf = (text: string) =>
  (parse(text) as { groups: { name: string; rules: { alert?: string; expr: string }[] }[] }).groups;
const alertExpressions = (text: string, alert: string) =>
  groupsOf(text).flatMap(({ rules }) => rules.flatMap((rule) => (rule.alert === alert ? [rule.expr] : [])));

describe.skipIf(!sloth)('beside Sloth', () => {
  test.each([28, 30])('thresholds for %d days are the same, to a billionth', async (days) => {
    // `rate1h{…} > (14.4 * 0.00099)` and `rate1h{…} / (…) > 14.4 * (1 - 0.999)`.
    const theirs = alertExpressions(await slothRules(days), 'Sloth')
      .flatMap((expression) => [...expression.matchAll(/ratio_rate(\w+)\{[^}]*\} > \(([\d.]+) \* ([\d.e-]+)\)/g)])
      .map(([, window = '', factor, budget]) => [window, Number(factor) * Number(budget)] as const);
    const ours = alertExpressions(rulesFor([ourSlo(days)], testOptions).yaml, 'SLOBurnRate')
      .flatMap((expression) => [...expression.matchAll(/bad:rate(\w+)\{.*? > ([\d.]+) \* \(1 - ([\d.]+)\)/g)])
      .map(([, window = '', factor, objective]) => [window, Number(factor) * (1 - Number(objective))] as const);
    const sorted = (list: typeof ours) =>
      [...list].sort((a, b) => a[0].localeCompare(b[0]) || a[1] - b[1]).map(([window, value]) => ({ window, value }));
    expect(theirs).toHaveLength(8);
    expect(sorted(ours).map(({ window }) => window)).toEqual(sorted(theirs).map(({ window }) => window));
    for (const [index, { value }] of sorted(ours).entries()) {
      expect(Math.abs(value - (sorted(theirs)[index]?.value ?? 0))).toBeLessThan(1e-9);
    }
  });

  test('the same data makes the same alerts fire at the same minutes', async () => {
    const [minute, perStep] = [60, 600];
    const shapes: { minutes: number; bad: number; traffic?: number }[] = [
      { minutes: 90, bad: 0.0002 },
      // An outage, and what comes after it.
      { minutes: 8, bad: 1 },
      { minutes: 90, bad: 0.0002 },
      // Slow burns on both sides of a threshold.
      { minutes: 60, bad: 0.012 },
      { minutes: 60, bad: 0.02 },
      { minutes: 60, bad: 0.0002 },
      // Bursts that come and go.
      ...Array.from({ length: 6 }, () => [
        { minutes: 2, bad: 0.4 },
        { minutes: 13, bad: 0 },
      ]).flat(),
      // No traffic at all, and then very little of it.
      { minutes: 45, bad: 0, traffic: 0 },
      { minutes: 45, bad: 0.05, traffic: 0.01 },
      { minutes: 60, bad: 0.0002 },
    ];
    const stretch = (share: (bad: number) => number): Stretch[] =>
      shapes.map(({ minutes, bad, traffic = 1 }) => ({ steps: minutes, perStep: perStep * traffic * share(bad) }));
    const length = shapes.reduce((sum, { minutes }) => sum + minutes, 0);
    const labels = 'deployment_environment_name="production"';
    const fires = (matchers: string) => `(max(ALERTS{alertstate="firing",${matchers}}) or vector(0))`;
    const over = `[${length}m:1m]`;
    const expectations = ['page', 'ticket'].flatMap((severity) => {
      const ours = fires(`alertname="SLOBurnRate",severity="${severity}"`);
      const theirs = fires(`alertname="Sloth",sloth_severity="${severity}"`);
      return [
        { query: `max_over_time(abs(${ours} - ${theirs})${over})`, values: [0] },
        { query: `sum_over_time((${ours})${over}) > bool 10`, values: [1] },
        { query: `sum_over_time((${ours})${over}) < bool ${length - 80}`, values: [1] },
      ];
    });
    const theirs = groupsOf(await slothRules(30)).filter(({ name }) => !name.includes('-meta-'));
    const said = await testRules(
      (await findPromtools())[0] as NonNullable<Awaited<ReturnType<typeof findPromtools>>[0]>,
      { 'ours.yml': rulesFor([ourSlo(30)], testOptions).yaml, 'theirs.yml': stringify({ groups: theirs }) },
      [
        {
          name: 'the same data',
          intervalSeconds: minute,
          series: {
            [`http_requests_total{code="200",${labels}}`]: counter(...stretch((bad) => 1 - bad)),
            [`http_requests_total{code="500",${labels}}`]: counter(...stretch((bad) => bad)),
          },
          expect: expectations.map((one) => ({ atSeconds: (length - 1) * minute, ...one })),
        },
      ],
    );
    expect(said).toBe('');
  }, 120_000);
});
