import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { defaultTiers } from '../burn-rules.ts';
import type { BurnTier, SloDefinition } from '../schemas.ts';
import type { StoredSlo } from '../store.ts';
import { rulesFor } from './generate.ts';
import type { Rule } from './model.ts';
import {
  counter,
  findPromtools,
  type Promtool,
  promtool,
  type RuleTest,
  type Stretch,
  testRules,
} from './testing/promtool.ts';
import { aStored, testOptions } from './testing/stored.ts';
import { groupsToYaml } from './yaml.ts';

let tools: Promtool[];
beforeAll(async () => {
  tools = await findPromtools();
  const newer =
    tools.length > 1 ? '' : '; no newer one was found (QUARTERDECK_BACKENDS, ~/.cache/quarterdeck-backends)';
  process.stdout.write(
    `Generated rules are held against promtool ${tools.map(({ version }) => version).join(', ')}${newer}\n`,
  );
});

/** The rules without recordings of windows that a test does not look at, and without the alerts that read them. */
function yamlOf(slo: StoredSlo, windows?: string[]): string {
  const { groups, yaml } = rulesFor([slo], testOptions);
  if (!windows) return yaml;
  const isKept = (rule: Rule) =>
    'alert' in rule
      ? ['long_window', 'short_window'].every((label) => windows.includes(rule.labels[label] ?? windows[0] ?? ''))
      : !/rate\d/.test(rule.record) || windows.some((window) => rule.record.endsWith(`rate${window}`));
  return groupsToYaml(groups.map((group) => ({ ...group, rules: group.rules.filter(isKept) })));
}

async function objections(slo: StoredSlo, tests: RuleTest[], windows?: string[]): Promise<string[]> {
  const rules = { 'rules.yml': yamlOf(slo, windows) };
  const said = await Promise.all(tools.map((tool) => testRules(tool, rules, tests)));
  return said.filter(Boolean);
}

const fastWindows = ['5m', '1h'];

const minFailures = (least: number) => ({ alerting: { tiers: null, minFailures: least, absentPages: null } });
const labels = 'deployment_environment_name="production"';
const good = `http_requests_total{code="200",${labels}}`;
const bad = `http_requests_total{code="500",${labels}}`;
const firing = (alert: string, more = '') => `ALERTS{alertname="${alert}",alertstate="firing"${more}}`;
const page = (window: string) => firing('SLOBurnRate', `,long_window="${window}"`);

test('promtool takes the rules of every kind of SLO', async () => {
  const hostile = { displayName: '{{ .X }} "quoted" \\ \n', service: 'a {{"b"}}', name: 'hostile' };
  const slos = [
    aStored(),
    aStored(hostile),
    aStored({ name: 'short', window: { kind: 'rolling', days: 3 } }),
    aStored({ name: 'year', window: { kind: 'calendar', unit: 'year', timeZone: 'Europe/Berlin' } }),
    aStored({ name: 'probe', indicator: { kind: 'threshold', query: 'probe_success', op: 'gte', value: 1 } }),
    aStored({ name: 'raw', indicator: { kind: 'raw', type: 'failure', query: 'a / b' } }),
    aStored({ name: 'slices', budgeting: { method: 'timeslices', sliceMs: 60_000, sliceTarget: 0.95 } }),
    aStored({ name: 'shares', budgeting: { method: 'ratioTimeslices', sliceMs: 300_000 } }),
    aStored({
      name: 'latency',
      indicator: { kind: 'ratio', counter: true, bad: null, good: 'd_bucket{le="0.25"}', total: 'd_count' },
    }),
  ];
  const folder = mkdtempSync(join(tmpdir(), 'rules-'));
  try {
    for (const name of ['raw', 'recorded']) {
      const file = join(folder, `${name}.yml`);
      const made = rulesFor(slos, { ...testOptions, isRecorded: () => name === 'recorded' });
      expect(made.setAside).toEqual([]);
      writeFileSync(file, made.yaml);
      for (const tool of tools) {
        const { ok, said } = await promtool(tool, ['check', 'rules', '--lint=all', '--lint-fatal', file]);
        expect([tool.version, ok ? '' : said]).toEqual([tool.version, '']);
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

describe('a fault', () => {
  const perStep = 100;
  const hourSteps = 240;
  /** An hour of good traffic, then `ratio` of it fails for some time, then it recovers. */
  const fault = (ratio: number, steps: number, after = 0): Record<string, string> => {
    const failing = (share: number, length: number): Stretch => ({ steps: length, perStep: perStep * share });
    return {
      [good]: counter(failing(1, hourSteps + 1), failing(1 - ratio, steps), failing(1, after)),
      [bad]: counter(failing(0, hourSteps + 1), failing(ratio, steps), failing(0, after)),
    };
  };

  // Over 1 h, with even traffic, `ratio * t / 1h` exceeds `14.4 * (1 - 0.999)` after this time.
  const predicted = (ratio: number) => (14.4 * (1 - 0.999) * 3_600) / ratio;

  test('of any share pages at the time that the formula gives', async () => {
    const step = 15;
    const tests = [1, 0.5, 0.1, 0.03].map((ratio): RuleTest => {
      const at = 3_600 + predicted(ratio);
      return {
        name: `share ${ratio}`,
        intervalSeconds: step,
        series: fault(ratio, Math.ceil(predicted(ratio) / step) + 8),
        expect: [
          { atSeconds: Math.floor((at - 1) / step) * step, query: page('1h'), values: [] },
          { atSeconds: Math.ceil((at + step) / step) * step, query: page('1h'), values: [1] },
          { atSeconds: 3_600, query: firing('Watchdog'), values: [1] },
        ],
      };
    });
    expect(await objections(aStored(minFailures(10)), tests, fastWindows)).toEqual([]);
  });

  test('that is over no longer pages once the short window is clear, although the long one is not', async () => {
    const [step, minutes] = [15, 10];
    const end = 3_600 + minutes * 60;
    // Over 5 min, `0.5 * (300 - t) / 300` falls to the threshold after this time.
    const clear = 300 * (1 - (14.4 * (1 - 0.999)) / 0.5);
    const long = `slo:sli_bad:rate1h / slo:sli_total:rate1h > bool 14.4 * (1 - 0.999)`;
    const at = (seconds: number) => Math.round((end + seconds) / step) * step;
    expect(
      await objections(
        aStored(),
        [
          {
            name: 'recovery',
            intervalSeconds: step,
            series: fault(0.5, minutes * 4, 40),
            expect: [
              { atSeconds: at(clear - 2 * step), query: page('1h'), values: [1] },
              { atSeconds: at(clear + 2 * step), query: page('1h'), values: [] },
              { atSeconds: at(clear + 2 * step), query: long, values: [1] },
            ],
          },
        ],
        fastWindows,
      ),
    ).toEqual([]);
  });

  test('is told in events: how much of the budget is spent and when none is left', async () => {
    const [tier] = defaultTiers({ kind: 'rolling', days: 30 });
    const alerting = { tiers: [tier as BurnTier], minFailures: 10, absentPages: null };
    const slo = aStored({ displayName: 'Pays {{ on }} time', alerting });
    const seconds = 600;
    const found = rulesFor([slo], testOptions)
      .groups.flatMap(({ rules }) => rules)
      .find((rule) => 'alert' in rule && rule.labels.long_window === '1h');
    const annotations = (found as { annotations: Record<string, string> }).annotations;
    // Half of the requests of ten minutes, of a thousandth of those of 30 days.
    const share = (0.5 * seconds) / (0.001 * 30 * 86_400);
    const left = ((1 - share) * 0.001 * 30 * 86_400) / 0.5;
    expect(Math.floor(left / 60)).toBe(76);
    const labels = { slo: slo.name, service: slo.service, deployment_environment_name: 'production' };
    const ends = { severity: 'page', long_window: '1h', short_window: '5m' };
    const summary = `Pays {{ on }} time (payment in production): ${(share * 100).toFixed(1)} % of the 30-day budget was spent in the last 1h; at the rate of the last 5m none is left in 1h 16m.`;
    for (const tool of tools) {
      // Since 3.0 a window does not hold the sample at its beginning.
      const measured = tool.version.startsWith('2.') ? '8.333%' : '8.336%';
      const description = (annotations.description ?? '').replace(/^\{\{.*?\}\}/, measured);
      const expected = { labels: { ...labels, ...ends }, annotations: { ...annotations, summary, description } };
      const alerts = [{ atSeconds: 3_600 + seconds, name: 'SLOBurnRate', alerts: [expected] }];
      const series = fault(0.5, seconds / 15);
      const words = { name: 'words', intervalSeconds: 15, series, expect: [], alerts };
      expect(await testRules(tool, { 'rules.yml': yamlOf(slo, fastWindows) }, [words])).toBe('');
    }
  });

  test('is seen as well when counters begin again in the middle of it', async () => {
    const ratio = 0.5;
    const at = 3_600 + predicted(ratio);
    const series = {
      [good]: counter(
        { steps: hourSteps + 1, perStep },
        { steps: 3, perStep: perStep / 2 },
        { steps: 20, perStep: perStep / 2, reset: true },
      ),
      [bad]: counter(
        { steps: hourSteps + 1, perStep: 0 },
        { steps: 3, perStep: perStep / 2 },
        { steps: 20, perStep: perStep / 2, reset: true },
      ),
    };
    const expected = [
      { atSeconds: Math.floor((at - 1) / 15) * 15, query: page('1h'), values: [] },
      // What came between the last sample and the restart is lost: one step more.
      { atSeconds: Math.ceil((at + 30) / 15) * 15, query: page('1h'), values: [1] },
    ];
    expect(
      await objections(aStored(), [{ name: 'reset', intervalSeconds: 15, series, expect: expected }], fastWindows),
    ).toEqual([]);
  });
});

describe('slow burns', () => {
  const [minute, perStep] = [60, 120];
  /** Good traffic for so many minutes, then a share fails. */
  const burn = (ratio: number, before: number, during: number, step: number) => ({
    [good]: counter({ steps: before / step + 1, perStep }, { steps: during / step, perStep: perStep * (1 - ratio) }),
    [bad]: counter({ steps: before / step + 1, perStep: 0 }, { steps: during / step, perStep: perStep * ratio }),
  });

  test.each([
    { windows: ['6h', '30m'], long: 6 * 60, factor: 6, ratio: 0.05, step: 1 },
    { windows: ['3d', '6h'], long: 72 * 60, factor: 1, ratio: 0.01, step: 4 },
  ])('over $windows are told at the time that the formula gives', async ({ windows, long, factor, ratio, step }) => {
    const [window = ''] = windows;
    const after = (factor * 0.001 * long) / ratio;
    const at = (long + after) * minute;
    const every = step * minute;
    const round = (seconds: number) => Math.round(seconds / every) * every;
    const test: RuleTest = {
      name: window,
      intervalSeconds: every,
      series: burn(ratio, long, Math.ceil(after / step) * step + 10 * step, step),
      expect: [
        { atSeconds: round(at - 2 * every), query: page(window), values: [] },
        { atSeconds: round(at + 2 * every), query: page(window), values: [1] },
      ],
    };
    expect(await objections(aStored(), [test], windows)).toEqual([]);
  });
});

describe('nothing pages', () => {
  const quiet = (atSeconds: number) =>
    ['SLOBurnRate', 'SLOErrorsAtLowTraffic', 'SLODataAbsent'].map((alert) => ({
      atSeconds,
      query: firing(alert),
      values: [] as number[],
    }));
  const everyMinute = { intervalSeconds: 60 };

  test('without traffic, though 0 of 0 is no number', async () => {
    const series = { [good]: '500x120', [bad]: '20x120' };
    const none = { atSeconds: 5_400, query: 'slo:sli_bad:rate1h / slo:sli_total:rate1h > bool -1', values: [0] };
    const test: RuleTest = {
      name: 'no traffic',
      ...everyMinute,
      series: Object.fromEntries(
        Object.entries(series).map(([name, text]) => [name, text.replace(/^(\d+)x/, '$1+0x')]),
      ),
      expect: [...quiet(3_000), ...quiet(7_000), none],
    };
    expect(await objections(aStored({ tier: 1 }), [test])).toEqual([]);
  });

  test('for fewer failures than the minimum; a ticket says what it hides', async () => {
    // Four requests an hour, all failing since the second hour.
    const series = {
      [good]: counter({ steps: 121, perStep: 1 / 15 }, { steps: 60, perStep: 0 }),
      [bad]: counter({ steps: 121, perStep: 0 }, { steps: 60, perStep: 1 / 15 }),
    };
    const test: RuleTest = {
      name: 'low traffic',
      ...everyMinute,
      series,
      expect: [
        { atSeconds: 10_500, query: firing('SLOBurnRate'), values: [] },
        { atSeconds: 10_500, query: firing('SLOErrorsAtLowTraffic', ',severity="ticket"'), values: [1] },
      ],
    };
    expect(await objections(aStored(minFailures(10)), [test])).toEqual([]);
    const without = { ...test, expect: [{ atSeconds: 10_500, query: page('1h'), values: [1] }] };
    expect(await objections(aStored(minFailures(0)), [without])).toEqual([]);
  });
});

describe('missing data is told', () => {
  const traffic = (steps: number): Stretch => ({ steps, perStep: 100 });
  const definition: Partial<SloDefinition> = { tier: 1 };
  const absent = firing('SLODataAbsent', ',severity="page",slo="payment-availability",service="payment"');

  test('once it is gone for as long as a restart may take, and not before', async () => {
    const series = { [good]: counter(traffic(61)), [bad]: counter({ steps: 61, perStep: 0 }) };
    const test: RuleTest = {
      name: 'absent',
      intervalSeconds: 60,
      series,
      expect: [
        // A rate over 5 min still finds samples for a while; then it must last for 10 min.
        { atSeconds: 3_600 + 10 * 60, query: absent, values: [] },
        { atSeconds: 3_600 + 17 * 60, query: absent, values: [1] },
      ],
    };
    expect(await objections(aStored(definition), [test])).toEqual([]);
  });

  test('as well when only the label is renamed that tells failures apart: that is not “all good”', async () => {
    const renamed = good.replace('code=', 'status=');
    const gap = (steps: number): Stretch => ({ steps, gap: true });
    const test: RuleTest = {
      name: 'renamed',
      intervalSeconds: 60,
      series: {
        [good]: counter(traffic(61)),
        [bad]: counter({ steps: 61, perStep: 0.01 }),
        [renamed]: `${counter(gap(61))} ${counter(traffic(60))}`,
      },
      expect: [
        { atSeconds: 3_600 + 20 * 60, query: 'slo:sli_total:rate5m', values: [100 / 60] },
        { atSeconds: 3_600 + 20 * 60, query: 'slo:sli_bad:rate5m', values: [] },
        { atSeconds: 3_600 + 20 * 60, query: absent, values: [1] },
        { atSeconds: 3_600 + 20 * 60, query: firing('SLOBurnRate'), values: [] },
      ],
    };
    expect(await objections(aStored(definition), [test])).toEqual([]);
  });

  test('and goes when it is back', async () => {
    const series = {
      [good]: `${counter(traffic(31))} _x30 ${counter(traffic(30))}`,
      [bad]: `${counter({ steps: 31, perStep: 0 })} _x30 ${counter({ steps: 30, perStep: 0 })}`,
    };
    const expected = [
      { atSeconds: 60 * 55, query: absent, values: [1] },
      { atSeconds: 60 * 70, query: absent, values: [] },
    ];
    expect(
      await objections(aStored(definition), [{ name: 'back', intervalSeconds: 60, series, expect: expected }]),
    ).toEqual([]);
  });
});
