import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { BurnTier, SloDefinition } from '../schemas.ts';
import { hashGroup, hashOfGroup, rulesFor } from './generate.ts';
import type { AlertingRule, Rule, RuleGroup } from './model.ts';
import { aStored, testOptions } from './testing/stored.ts';
import { groupsToYaml } from './yaml.ts';

const rulesOf = (more: Partial<SloDefinition> = {}, options = testOptions): Rule[] =>
  rulesFor([aStored(more)], options).groups.flatMap(({ rules }) => rules);
const alertsOf = (more: Partial<SloDefinition> = {}, options = testOptions): AlertingRule[] =>
  rulesOf(more, options).filter((rule): rule is AlertingRule => 'alert' in rule);
const named = (name: string, more: Partial<SloDefinition> = {}, options = testOptions) =>
  alertsOf(more, options).filter(({ alert }) => alert === name);
const alerting = (more: Partial<SloDefinition['alerting']>) => ({
  alerting: { tiers: null, minFailures: 10, absentPages: null, ...more },
});
const hour = 3_600_000;

describe('what is recorded', () => {
  test('is bad and total over every window, under names and labels that others read', () => {
    const records = rulesOf().flatMap((rule) => ('record' in rule ? [rule] : []));
    const windows = ['5m', '30m', '1h', '2h', '6h', '1d', '3d'];
    for (const which of ['bad', 'total']) {
      const found = records.filter(({ record }) => record.startsWith(`slo:sli_${which}:rate`));
      expect(found.map(({ record }) => record.slice(`slo:sli_${which}:rate`.length)).sort()).toEqual(
        [...windows, '_window'].sort(),
      );
    }
    for (const { record, labels } of records.filter(({ record }) => record.startsWith('slo:'))) {
      expect([record, labels]).toEqual([
        record,
        { slo: 'payment-availability', service: 'payment', deployment_environment_name: 'production' },
      ]);
    }
  });

  test('of days comes from the counters until the recordings are old enough', () => {
    const expressionOf = (record: string, isRecorded?: (slo: unknown, windowMs: number) => boolean) =>
      rulesOf({}, { ...testOptions, ...(isRecorded && { isRecorded }) }).find(
        (rule) => 'record' in rule && rule.record === record,
      )?.expr;
    expect(expressionOf('slo:sli_bad:rate3d')).toContain('rate(http_requests_total{code=~"5.."');
    const oneDay = (_: unknown, windowMs: number) => windowMs === 24 * hour;
    expect(expressionOf('slo:sli_bad:rate3d', oneDay)).toContain('rate(http_requests_total');
    expect(expressionOf('slo:sli_bad:rate1d', oneDay)).toBe(
      'avg_over_time(slo:sli_bad:rate5m{slo="payment-availability",service="payment",deployment_environment_name="production"}[1d:1m])',
    );
    expect(expressionOf('slo:sli_bad:rate6h', () => true)).toContain('rate(http_requests_total');
  });

  test('is evaluated often where a page depends on it, and never more often than it is scraped', () => {
    const groups = rulesFor([aStored()], { ...testOptions, scrapeIntervalMs: 30_000 }).groups;
    const pace = (window: string) =>
      groups.find(({ rules }) => rules.some((rule) => 'record' in rule && rule.record === `slo:sli_bad:rate${window}`))
        ?.intervalMs;
    expect(['5m', '1h', '30m', '6h', '3d'].map(pace)).toEqual([30_000, 30_000, 60_000, 60_000, 120_000]);
  });
});

describe('burn-rate alerts', () => {
  test('compare both windows with a threshold that shows its factor and its target', () => {
    const [fast] = named('SLOBurnRate');
    expect(fast?.expr.split('\nand\n')).toEqual([
      expect.stringMatching(
        /^slo:sli_bad:rate1h\{.*\} \/ \(slo:sli_total:rate1h\{.*\} > 0\) > 14\.4 \* \(1 - 0\.999\)$/,
      ),
      expect.stringMatching(
        /^slo:sli_bad:rate5m\{.*\} \/ \(slo:sli_total:rate5m\{.*\} > 0\) > 14\.4 \* \(1 - 0\.999\)$/,
      ),
      expect.stringMatching(/^slo:sli_bad:rate1h\{.*\} \* 3600 >= 10$/),
    ]);
    const of = { slo: 'payment-availability', service: 'payment', deployment_environment_name: 'production' };
    expect(named('SLOBurnRate').map(({ labels }) => labels)).toEqual([
      { ...of, severity: 'page', long_window: '1h', short_window: '5m' },
      { ...of, severity: 'page', long_window: '6h', short_window: '30m' },
      { ...of, severity: 'ticket', long_window: '1d', short_window: '2h' },
      { ...of, severity: 'ticket', long_window: '3d', short_window: '6h' },
    ]);
  });

  test('do not exist below a week, but data that is missing is told', () => {
    const names = alertsOf({ window: { kind: 'rolling', days: 6 } }).map(({ alert }) => alert);
    expect(names.sort()).toEqual(['SLODataAbsent', 'Watchdog']);
  });

  test('that can never fire are left out', () => {
    expect(named('SLOBurnRate', { target: 0.9 }).map(({ labels }) => labels.long_window)).toEqual(['6h', '1d', '3d']);
  });

  test('are those of the definition, with windows of their own recorded as fast as they need', () => {
    const tier: BurnTier = { severity: 'page', longMs: 0.5 * hour, shortMs: hour / 30, factor: 20 };
    const { groups } = rulesFor([aStored(alerting({ tiers: [tier] }))], testOptions);
    const fast = groups.find(({ name }) => name.endsWith('/fast'));
    expect(fast?.rules.map((rule) => ('record' in rule ? rule.record : rule.labels.long_window))).toEqual(
      expect.arrayContaining(['slo:sli_bad:rate2m', 'slo:sli_bad:rate30m', '30m']),
    );
  });

  test('have no guard where no minimum is asked for', () => {
    const none = alerting({ minFailures: 0 });
    expect(named('SLOBurnRate', none)[0]?.expr.split('\nand\n')).toHaveLength(2);
    expect(named('SLOErrorsAtLowTraffic', none)).toEqual([]);
    expect(named('SLOErrorsAtLowTraffic')[0]?.labels).toMatchObject({
      severity: 'ticket',
      long_window: '3d',
      short_window: '1d',
    });
  });
});

describe('missing data', () => {
  const severity = (more: Partial<SloDefinition>, tier: number | null = null) =>
    named('SLODataAbsent', more, { ...testOptions, serviceOf: () => ({ tier, runbookUrl: null }) })[0]?.labels.severity;

  test('pages for tier 1, of the SLO or of its service, or as the definition says', () => {
    expect(severity({})).toBe('ticket');
    expect(severity({ tier: 1 })).toBe('page');
    expect(severity({}, 1)).toBe('page');
    expect(severity({ tier: 2 }, 1)).toBe('ticket');
    expect(severity({ tier: 1, ...alerting({ absentPages: false }) })).toBe('ticket');
    expect(severity(alerting({ absentPages: true }), 4)).toBe('page');
  });

  test('of slices is missing events, not missing slices: a slice without traffic is none', () => {
    const slices = { budgeting: { method: 'timeslices', sliceMs: 60_000, sliceTarget: 0.99 } } as const;
    const [absent] = named('SLODataAbsent', { ...slices, service: 'a {{ b }}' });
    expect(absent?.expr).toMatch(/^absent\(sum\(rate\(http_requests_total/);
    expect(absent?.labels).toMatchObject({ slo: 'payment-availability', service: 'a {{"{"}}{{"{"}} b }}' });
  });
});

describe('text', () => {
  test('of a person is never a template', () => {
    const text = '{{ query "up" }} {x} {{{';
    const [fast] = named('SLOBurnRate', { displayName: text, description: text, runbookUrl: `https://e.x/${text}` });
    const { summary = '', description = '', runbook_url = '' } = fast?.annotations ?? {};
    for (const shown of [summary, description, runbook_url]) {
      expect(shown).toContain('{{"{"}}{{"{"}} query "up" }} {{"{"}}x} {{"{"}}{{"{"}}{{"{"}}');
      expect(shown).not.toContain(text);
    }
  });

  test('links to the page of the SLO and to a runbook: its own, its service’s, or what we say of the alert', () => {
    const links = (more: Partial<SloDefinition>, runbookUrl: string | null) =>
      named('SLOBurnRate', more, { ...testOptions, serviceOf: () => ({ tier: null, runbookUrl }) })[0]?.annotations;
    const page = 'https://console.example.com/slos/payment-availability?env=production';
    expect(links({}, null)).toMatchObject({ slo_url: page, runbook_url: `${page}&tab=alerts` });
    expect(links({}, 'https://r.example.com')?.runbook_url).toBe('https://r.example.com');
    expect(links({ runbookUrl: 'https://own.example.com' }, 'https://r.example.com')?.runbook_url).toBe(
      'https://own.example.com',
    );
  });
});

describe('one bad SLO', () => {
  const counter = (bad: string) => ({ kind: 'ratio', counter: true, good: null, bad, total: 'b' }) as const;
  test.each<[string, Partial<SloDefinition>, RegExp]>([
    ['of which nothing can be read', { indicator: counter('histogram_quantile(') }, /./],
    ['whose expression does not parse', { indicator: { kind: 'raw', type: 'success', query: 'a)) or ((b' } }, /parse/],
    ['without a service', { service: '' }, /service is empty/],
    [
      'whose windows are the wrong way round',
      alerting({ tiers: [{ severity: 'page', longMs: hour, shortMs: hour, factor: 2 }] }),
      /must be shorter/,
    ],
  ])('%s is set aside with the reason, and the others stay', (_, more, reason) => {
    const good = aStored({ name: 'good' });
    const { setAside, groups } = rulesFor([aStored(more), good], testOptions);
    expect(setAside).toEqual([
      { environment: 'production', name: 'payment-availability', reason: expect.stringMatching(reason) },
    ]);
    expect(rulesFor([good], testOptions).groups.slice(1)).toEqual(groups.slice(1));
  });

  test('is one that has the name of another', () => {
    const { setAside } = rulesFor([aStored(), aStored({ service: 'other' })], testOptions);
    expect(setAside).toMatchObject([{ reason: 'There is another SLO of this name.' }]);
    expect(rulesFor([aStored(), aStored({ environment: 'staging' })], testOptions).setAside).toEqual([]);
  });
});

describe('the file', () => {
  test('says by the name of a group which rules it holds', () => {
    const made = rulesFor([aStored()], testOptions);
    expect(made.hash).toMatch(/^[0-9a-f]{16}$/);
    expect(rulesFor([aStored()], testOptions)).toMatchObject({ hash: made.hash, yaml: made.yaml });
    expect(rulesFor([aStored({ target: 0.99 })], testOptions).hash).not.toBe(made.hash);
    expect(made.groups.flatMap(({ name }) => hashOfGroup(name) ?? [])).toEqual([made.hash]);
    expect(hashOfGroup(hashGroup('x'))).toBe('x');
  });

  test('of no SLOs still has the Watchdog', () => {
    const groups = parse(rulesFor([], testOptions).yaml).groups as { rules: { alert?: string }[] }[];
    expect(groups.flatMap(({ rules }) => rules.map(({ alert }) => alert))).toContain('Watchdog');
  });

  test('keeps the groups of other services as they are', () => {
    const of = (slos: Parameters<typeof rulesFor>[0]) =>
      new Map(rulesFor(slos, testOptions).groups.map((group) => [group.name, group]));
    const one = of([aStored()]);
    const two = of([aStored(), aStored({ name: 'order', service: 'order' })]);
    for (const pace of ['fast', 'medium', 'slow']) {
      const name = `quarterdeck-slo/production/payment/${pace}`;
      expect(two.get(name)).toEqual(one.get(name));
    }
  });

  test('reads back as it was meant, whatever the texts', () => {
    const text = fc.string({ unit: 'binary', maxLength: 10 }).map((value) => value.toWellFormed());
    const hard = ['', 'yes', 'null', '1e5', 'a: b', '- x', ' a\nb ', 'a\n\n b', '#', '{x}', '😀\u2028', '"\\'];
    const words = fc.oneof(text, fc.constantFrom(...hard));
    fc.assert(
      fc.property(fc.tuple(words, words, words, words), ([name, expr, value, summary]) => {
        const rule = { alert: name, expr, for: '10m', labels: { a: value }, annotations: { summary } };
        const group: RuleGroup = { name, intervalMs: 15_000, rules: [rule, { record: 'r', expr, labels: {} }] };
        expect(parse(groupsToYaml([group]))).toEqual({
          groups: [{ name, interval: '15s', rules: [rule, { record: 'r', expr }] }],
        });
      }),
      { numRuns: 60, endOnFailure: true },
    );
  }, 30_000);
});
