import { describe, expect, test } from 'vitest';
import { readOpenSlo } from './index.ts';

const read = (text: string) => readOpenSlo(text, { defaultEnvironment: 'production' });

const good = `# Who pays must be answered.
apiVersion: openslo/v1
kind: SLO
metadata:
  name: payment-availability
  displayName: Payment answers
  labels:
    team: payments
  annotations:
    quarterdeck.dev/owner: payments
    quarterdeck.dev/tier: 1
    quarterdeck.dev/measured-at: caller
    quarterdeck.dev/gap-policy: bad
    quarterdeck.dev/policy: strict
    quarterdeck.dev/runbook: https://example.com/runbook
    quarterdeck.dev/min-failures: 3
    quarterdeck.dev/absent-pages: true
spec:
  description: Charges are accepted.
  service: payment
  indicator:
    metadata:
      name: answers
    spec:
      ratioMetric:
        counter: true
        bad:
          metricSource:
            type: Prometheus
            spec:
              query: sum(requests_total{job="payment", code=~"5.."})
        total:
          metricSource:
            type: Prometheus
            spec:
              query: sum(requests_total{job="payment"})
  timeWindow:
    - duration: 30d
      isRolling: true
  budgetingMethod: Occurrences
  objectives:
    - target: 0.9995
`;

/** The good document with one text in the place of another; each must be there. */
function changed(...edits: [from: string, to: string][]): string {
  return edits.reduce((text, [from, to]) => {
    expect(text).toContain(from);
    return text.replace(from, to);
  }, good);
}

const thresholdOf = (objective: string) =>
  changed(
    [good.slice(good.indexOf('      ratioMetric:'), good.indexOf('  timeWindow:')), threshold],
    ['    - target: 0.9995', objective],
  );
const threshold = `      thresholdMetric:
        metricSource:
          type: Prometheus
          spec:
            query: probe_success{instance="https://pay"}
`;
const rawOf = (lines: string) =>
  changed([
    good.slice(good.indexOf('        counter: true'), good.indexOf('  timeWindow:')),
    `${lines}        raw:
          metricSource:
            type: Prometheus
            spec:
              query: success_ratio{job="payment"}
`,
  ]);

describe('an SLO', () => {
  test('is read with all that it says', () => {
    const { slos, problems } = read(good);
    expect(problems).toEqual([]);
    expect(slos[0]?.definition).toEqual({
      environment: 'production',
      name: 'payment-availability',
      displayName: 'Payment answers',
      description: 'Charges are accepted.',
      service: 'payment',
      owner: 'payments',
      tier: 1,
      category: 'availability',
      labels: { team: 'payments' },
      indicator: {
        kind: 'ratio',
        counter: true,
        good: null,
        bad: 'sum(requests_total{job="payment", code=~"5.."})',
        total: 'sum(requests_total{job="payment"})',
      },
      measuredAt: 'caller',
      budgeting: { method: 'occurrences' },
      window: { kind: 'rolling', days: 30 },
      target: 0.9995,
      gapPolicy: 'bad',
      policy: 'strict',
      runbookUrl: 'https://example.com/runbook',
      alerting: { tiers: null, minFailures: 3, absentPages: true },
    });
    expect(slos[0]).toMatchObject({ line: 2, source: good });
  });

  test('takes a percentage, a threshold and ratios that are given', () => {
    const of = (text: string) => {
      const { slos, problems } = read(text);
      expect(problems).toEqual([]);
      return slos[0]?.definition;
    };
    expect(of(changed(['target: 0.9995', 'targetPercent: 99.95']))?.target).toBe(0.9995);
    expect(of(thresholdOf('    - op: gte\n      value: 1\n      target: 0.99'))).toMatchObject({
      indicator: { kind: 'threshold', query: 'probe_success{instance="https://pay"}', op: 'gte', value: 1 },
    });
    expect(of(rawOf('        rawType: failure\n'))?.indicator).toEqual({
      kind: 'raw',
      type: 'failure',
      query: 'success_ratio{job="payment"}',
    });
  });

  test.each([
    ['duration: 4w', { kind: 'rolling', days: 28 }],
    ['duration: 24h', { kind: 'rolling', days: 1 }],
    ['duration: 90d', { kind: 'rolling', days: 90 }],
    ['duration: 1M\n      calendar: {startTime: 2026-03-01 00:00:00, timeZone: Europe/Berlin}', 'month'],
    ['duration: 1w\n      calendar: {startTime: "2026-11-16", timeZone: UTC}', 'week'],
    ['duration: 1Q\n      calendar: {startTime: 2026-04-01T00:00, timeZone: America/New_York}', 'quarter'],
    ['duration: 1Y\n      calendar: {timeZone: Asia/Kolkata}', 'year'],
  ])('has the window %s', (window, expected) => {
    const { slos, problems } = read(changed(['duration: 30d\n      isRolling: true', window]));
    expect(problems).toEqual([]);
    expect(slos[0]?.definition.window).toMatchObject(typeof expected === 'string' ? { unit: expected } : expected);
  });

  test.each([
    [
      'Timeslices',
      'timeSliceTarget: 0.95\n      timeSliceWindow: 1m',
      { method: 'timeslices', sliceMs: 60_000, sliceTarget: 0.95 },
    ],
    [
      'Timeslices',
      'timeSliceTarget: 1\n      timeSliceWindow: 5',
      { method: 'timeslices', sliceMs: 300_000, sliceTarget: 1 },
    ],
    ['RatioTimeslices', 'timeSliceWindow: 1h', { method: 'ratioTimeslices', sliceMs: 3_600_000 }],
  ])('counts %s', (method, fields, expected) => {
    const { slos, problems } = read(
      changed(['Occurrences', method], ['target: 0.9995', `target: 0.9995\n      ${fields}`]),
    );
    expect(problems).toEqual([]);
    expect(slos[0]?.definition.budgeting).toEqual(expected);
    expect(slos[0]?.definition.alerting.minFailures).toBe(3);
  });
});

describe('references', () => {
  const sli = `apiVersion: openslo/v1
kind: SLI
metadata:
  name: answers
spec:
  ratioMetric:
    counter: true
    good: {metricSource: {metricSourceRef: prom, spec: {query: 'ok_total'}}}
    total: {metricSource: {metricSourceRef: prom, spec: {query: 'all_total'}}}
`;
  const source = `apiVersion: openslo/v1
kind: DataSource
metadata: {name: prom}
spec: {type: Prometheus, connectionDetails: {url: http://prometheus}}
`;
  const policy = `apiVersion: openslo/v1
kind: AlertPolicy
metadata: {name: fast}
spec:
  alertWhenBreaching: true
  conditions: [{conditionRef: burns}]
`;
  const condition = `apiVersion: openslo/v1
kind: AlertCondition
metadata: {name: burns}
spec:
  severity: page
  condition: {kind: burnrate, op: gt, threshold: 14.4, lookbackWindow: 1h, alertAfter: 5m}
`;
  const slo = changed(
    [good.slice(good.indexOf('  indicator:'), good.indexOf('  timeWindow:')), '  indicatorRef: answers\n'],
    ['    - target: 0.9995\n', '    - target: 0.9995\n  alertPolicies:\n    - alertPolicyRef: fast\n'],
  );
  const all = [condition, slo, policy, sli, source];

  test('lead to documents of the same text, in any order', () => {
    const { slos, problems } = read(all.join('---\n'));
    expect(problems.filter(({ level }) => level === 'error')).toEqual([]);
    expect(slos[0]?.definition.indicator).toMatchObject({ good: 'ok_total', bad: null, total: 'all_total' });
    expect(slos[0]?.definition.alerting.tiers).toEqual([
      { severity: 'page', longMs: 3_600_000, shortMs: 300_000, factor: 14.4 },
    ]);
    const alone = read(slos[0]?.source ?? '');
    expect(alone.slos.map(({ definition }) => definition)).toEqual([slos[0]?.definition]);
  });

  test.each([
    ['SLI', 'indicatorRef', all.filter((text) => text !== sli)],
    ['AlertPolicy', 'alertPolicyRef', all.filter((text) => text !== policy)],
    ['AlertCondition', 'conditionRef', all.filter((text) => text !== condition)],
    ['DataSource', 'metricSourceRef', all.filter((text) => text !== source)],
  ])('to a missing %s are refused', (kind, field, texts) => {
    const { slos, problems } = read(texts.join('---\n'));
    expect(slos).toEqual([]);
    const found = problems.filter(({ level }) => level === 'error');
    expect(found[0]).toMatchObject({ code: 'slo.invalid', path: expect.stringContaining(field) });
    expect(found[0]?.message).toContain(`refers to the ${kind}`);
  });

  test('to a document with errors name it', () => {
    const { slos, problems } = read(all.join('---\n').replace('ratioMetric', 'ratio'));
    expect(slos).toEqual([]);
    expect(problems.map(({ message }) => message).join('\n')).toContain('refers to the SLI answers, which has errors');
  });

  test('to another kind of source are refused', () => {
    const { problems } = read(all.join('---\n').replace('type: Prometheus', 'type: Datadog'));
    expect(problems.find(({ level }) => level === 'error')?.message).toContain('type Datadog; only Prometheus');
  });

  test('that nothing follows are told', () => {
    const service = 'apiVersion: openslo/v1\nkind: Service\nmetadata: {name: payment}\nspec: {}\n';
    const { slos, problems } = read([good, sli, service].join('---\n'));
    expect(slos).toHaveLength(1);
    expect(problems.map(({ level, code, path }) => `${level} ${code} ${path}`)).toEqual([
      'warning slo.unused metadata.name',
      'warning slo.unused metadata.name',
    ]);
  });
});

describe('what is refused, with line and path', () => {
  const indent = '    - target: 0.9995';
  const policies = (condition: string, more = '') =>
    changed([
      indent,
      `${indent}\n  alertPolicies:\n    - kind: AlertPolicy\n      metadata: {name: a}\n      spec:\n        ${more}conditions:\n          - kind: AlertCondition\n            metadata: {name: b}\n            spec:\n              severity: page\n              condition: {${condition}}`,
    ]);
  const window = 'duration: 30d\n      isRolling: true';

  test.each<[string, string, number, string, string]>([
    [
      'an unknown key',
      changed(['  service: payment', '  service: payment\n  nope: 1']),
      21,
      'spec.nope',
      'is not a field here',
    ],
    ['a target of 1', changed(['0.9995', '1']), 42, 'spec.objectives[0].target', 'above 0 and below 1'],
    ['a target that is no number', changed(['0.9995', '.nan']), 42, 'spec.objectives[0].target', 'must be a number'],
    ['a target that is text', changed(['0.9995', '"0.99"']), 42, 'spec.objectives[0].target', 'must be a number'],
    ['an endless target', changed(['0.9995', '.inf']), 42, 'spec.objectives[0].target', 'must be a number'],
    ['no target', changed([indent, '    - displayName: x']), 42, 'spec.objectives[0].target', 'is missing'],
    [
      'two targets',
      changed([indent, `${indent}\n      targetPercent: 99`]),
      43,
      'spec.objectives[0].targetPercent',
      'one of them',
    ],
    ['two objectives', changed([indent, `${indent}\n${indent}`]), 41, 'spec.objectives', 'exactly one objective'],
    [
      'a composite',
      changed([indent, `${indent}\n      compositeWeight: 1`]),
      43,
      'spec.objectives[0].compositeWeight',
      'composite SLO',
    ],
    [
      'an op without threshold',
      changed([indent, `${indent}\n      op: lt`]),
      43,
      'spec.objectives[0].op',
      'only with thresholdMetric',
    ],
    [
      'a threshold without op',
      thresholdOf('    - value: 1\n      target: 0.9'),
      35,
      'spec.objectives[0].op',
      'is missing',
    ],
    [
      'a reserved name',
      changed(['name: payment-availability', 'name: rules']),
      5,
      'metadata.name',
      'an address of its own',
    ],
    ['a name in capitals', changed(['name: payment-availability', 'name: Payment']), 5, 'metadata.name', 'lower-case'],
    [
      'a zone of fantasy',
      changed([window, 'duration: 1M\n      calendar: {timeZone: Mars/Base}']),
      39,
      'spec.timeWindow[0].calendar.timeZone',
      'IANA',
    ],
    [
      'an offset for a zone',
      changed([window, 'duration: 1M\n      calendar: {timeZone: "+02:00"}']),
      39,
      'spec.timeWindow[0].calendar.timeZone',
      'IANA',
    ],
    [
      'a month that begins on the 2nd',
      changed([window, 'duration: 1M\n      calendar: {startTime: 2026-01-02 00:00:00, timeZone: UTC}']),
      39,
      'spec.timeWindow[0].calendar.startTime',
      'the 1st of a month',
    ],
    [
      'a week that begins on Sunday',
      changed([window, 'duration: 1w\n      calendar: {startTime: 2026-11-15 00:00:00, timeZone: UTC}']),
      39,
      'spec.timeWindow[0].calendar.startTime',
      'a Monday',
    ],
    [
      'a day that is not',
      changed([window, 'duration: 1M\n      calendar: {startTime: 2026-02-30, timeZone: UTC}']),
      39,
      'spec.timeWindow[0].calendar.startTime',
      'must be a date',
    ],
    ['91 days', changed(['30d', '91d']), 38, 'spec.timeWindow[0].duration', '1d to 90d'],
    ['no days', changed(['30d', '0d']), 38, 'spec.timeWindow[0].duration', '1d to 90d'],
    ['36 hours', changed(['30d', '36h']), 38, 'spec.timeWindow[0].duration', '1d to 90d'],
    ['a rolling month', changed(['30d', '1M']), 38, 'spec.timeWindow[0].duration', 'add calendar'],
    [
      'a calendar that rolls',
      changed([window, 'duration: 1M\n      isRolling: true\n      calendar: {timeZone: UTC}']),
      39,
      'spec.timeWindow[0].isRolling',
      'must be false',
    ],
    [
      'slices without a length',
      changed(['Occurrences', 'Timeslices'], [indent, `${indent}\n      timeSliceTarget: 0.9`]),
      42,
      'spec.objectives[0].timeSliceWindow',
      'is missing',
    ],
    [
      'slices of 7 minutes',
      changed(['Occurrences', 'RatioTimeslices'], [indent, `${indent}\n      timeSliceWindow: 7m`]),
      43,
      'spec.objectives[0].timeSliceWindow',
      'multiple of 5m',
    ],
    [
      'a slice for occurrences',
      changed([indent, `${indent}\n      timeSliceWindow: 1m`]),
      43,
      'spec.objectives[0].timeSliceWindow',
      'only with budgetingMethod',
    ],
    [
      'no counter',
      changed(['        counter: true\n', '']),
      25,
      'spec.indicator.spec.ratioMetric.counter',
      'is missing',
    ],
    [
      'raw beside total',
      changed(['        bad:', '        rawType: success\n        raw:']),
      28,
      'spec.indicator.spec.ratioMetric.raw',
      'must not stand beside',
    ],
    ['raw without its type', rawOf(''), 25, 'spec.indicator.spec.ratioMetric.rawType', 'is missing'],
    [
      'good beside bad',
      changed(['        bad:', '        good: {metricSource: {type: Prometheus, spec: {query: a}}}\n        bad:']),
      28,
      'spec.indicator.spec.ratioMetric.bad',
      'one of them',
    ],
    [
      'another source',
      changed(['type: Prometheus', 'type: Datadog']),
      29,
      'spec.indicator.spec.ratioMetric.bad.metricSource.type',
      'other metric sources',
    ],
    [
      'a source without type',
      changed(['            type: Prometheus\n', '']),
      28,
      'spec.indicator.spec.ratioMetric.bad.metricSource.type',
      'must be Prometheus',
    ],
    [
      'a mistake in PromQL',
      changed(['code=~"5.."})', 'code=~"5.."']),
      31,
      'spec.indicator.spec.ratioMetric.bad.metricSource.spec.query',
      'ends too early',
    ],
    [
      'a counter that is none',
      changed(['sum(requests_total{job="payment", code', 'max(requests_total{job="payment", code']),
      31,
      'spec.indicator.spec.ratioMetric.bad.metricSource.spec.query',
      'is no sum',
    ],
    [
      'our annotation that is not',
      changed(['quarterdeck.dev/tier: 1', 'quarterdeck.dev/teir: 1']),
      11,
      'metadata.annotations.quarterdeck.dev/teir',
      'is not known',
    ],
    [
      'a tier of 5',
      changed(['quarterdeck.dev/tier: 1', 'quarterdeck.dev/tier: 5']),
      11,
      'metadata.annotations.quarterdeck.dev/tier',
      'must be 1, 2, 3 or 4',
    ],
    [
      'a runbook that runs',
      changed(['https://example.com/runbook', 'javascript:alert(1)']),
      15,
      'metadata.annotations.quarterdeck.dev/runbook',
      'http or https',
    ],
    [
      'several values of a label',
      changed(['team: payments', 'team: [a, b]']),
      8,
      'metadata.labels.team',
      'must be one text',
    ],
    ['a label of fantasy', changed(['team: payments', '"a b": c']), 8, 'metadata.labels.a b', 'must be a name'],
    [
      'an odd window of an alert',
      policies('threshold: 2, lookbackWindow: 3h'),
      52,
      'spec.alertPolicies[0].spec.conditions[0].spec.condition.lookbackWindow',
      'must be one of',
    ],
    [
      'a short window that is longer',
      policies('threshold: 2, lookbackWindow: 1h, alertAfter: 2h'),
      52,
      'spec.alertPolicies[0].spec.conditions[0].spec.condition.alertAfter',
      'must be one of 5m, 30m',
    ],
    [
      'an alert below a burn',
      policies('op: lt, threshold: 2, lookbackWindow: 1h'),
      52,
      'spec.alertPolicies[0].spec.conditions[0].spec.condition.op',
      'gt or gte',
    ],
    [
      'an alert that never fires',
      policies('threshold: 2, lookbackWindow: 1h, alertAfter: 5m', 'alertWhenBreaching: false\n        '),
      47,
      'spec.alertPolicies[0].spec.alertWhenBreaching',
      'must be true',
    ],
    ['an older version', changed(['openslo/v1', 'openslo/v1alpha']), 2, 'apiVersion', 'must be openslo/v1'],
    ["Sloth's format", 'version: "prometheus/v1"\nservice: x\n', 1, 'apiVersion', 'must be openslo/v1'],
    ['another kind', changed(['kind: SLO', 'kind: Deployment']), 3, 'kind', 'must be one of SLO'],
    ['a list', '- a\n- b\n', 1, '', 'must be a mapping'],
    [
      'a key that stands twice',
      changed(['  service: payment', '  service: a\n  service: payment']),
      21,
      '',
      'stands twice',
    ],
    ['a key of the language', changed(['team: payments', '__proto__: {a: b}']), 8, '', '__proto__'],
    ['broken YAML', changed(['spec:\n  description', 'spec: [\n  description']), 19, '', 'not valid YAML'],
  ])('%s', (_, text, line, path, message) => {
    const { slos, problems } = read(text);
    expect(slos).toEqual([]);
    const errors = problems.filter(({ level }) => level === 'error');
    expect(errors.map((problem) => `${problem.line} ${problem.path}`)).toContain(`${line} ${path}`);
    const about = errors.find((problem) => problem.line === line && problem.path === path);
    expect(about?.message).toContain(message);
    expect(about?.column).toBeGreaterThan(0);
  });

  test('a mistake inside a query stands where it is in the text', () => {
    const block = changed([
      'query: sum(requests_total{job="payment", code=~"5.."})',
      'query: |\n                sum(requests_total{job="payment"})\n                  + max(errors_total)',
    ]);
    expect(read(block).problems[0]).toMatchObject({ line: 33, column: 21 });
    expect(
      read(changed(['sum(requests_total{job="payment", code', 'max(requests_total{job="payment", code'])).problems[0],
    ).toMatchObject({
      line: 31,
      column: 22,
    });
  });

  test('the same name twice in an environment, and only the second', () => {
    const { slos, problems } = read(`${good}---\n${good}`);
    expect(slos).toHaveLength(1);
    expect(problems).toMatchObject([{ line: 48, path: 'metadata.name', message: expect.stringContaining('line 2') }]);
    const elsewhere = good.replace(
      '    quarterdeck.dev/owner',
      '    quarterdeck.dev/environment: staging\n    quarterdeck.dev/owner',
    );
    expect(read(`${good}---\n${elsewhere}`).slos).toHaveLength(2);
  });

  test('one bad SLO leaves the others alone', () => {
    const bad = good.replace('0.9995', '2');
    const other = good.replace('name: payment-availability', 'name: other');
    const { slos, problems } = read([bad, other, 'nonsense: ['].join('---\n'));
    expect(slos.map(({ definition }) => definition.name)).toEqual(['other']);
    expect(problems.filter(({ level }) => level === 'error')).toHaveLength(2);
  });

  test('nothing at all', () => {
    expect(read('')).toMatchObject({ slos: [], problems: [{ code: 'slo.empty' }] });
    expect(read('# only words\n---\n')).toMatchObject({ slos: [], problems: [{ code: 'slo.empty' }] });
  });
});

describe('what is taken with a warning', () => {
  test('annotations of others, and what is decided elsewhere', () => {
    const text = changed(
      ['    quarterdeck.dev/owner', '    openslo.com/key: value\n    quarterdeck.dev/owner'],
      [
        '    - target: 0.9995\n',
        `    - target: 0.9995
      displayName: x
  alertPolicies:
    - kind: AlertPolicy
      metadata: {name: a}
      spec:
        alertWhenNoData: false
        alertWhenResolved: true
        conditions:
          - {kind: AlertCondition, metadata: {name: b}, spec: {severity: ticket, condition: {op: gte, threshold: 1, lookbackWindow: 3d}}}
        notificationTargets: [{targetRef: mail}]
`,
      ],
    );
    const { slos, problems } = read(text);
    expect(problems.map(({ level, path }) => `${level} ${path}`)).toEqual([
      'warning metadata.annotations.openslo.com/key',
      'warning spec.objectives[0].displayName',
      'warning spec.alertPolicies[0].spec.alertWhenNoData',
      'warning spec.alertPolicies[0].spec.alertWhenResolved',
      'warning spec.alertPolicies[0].spec.conditions[0].spec.condition.alertAfter',
      'warning spec.alertPolicies[0].spec.conditions[0].spec.condition.op',
      'warning spec.alertPolicies[0].spec.notificationTargets',
    ]);
    expect(slos[0]?.definition.alerting.tiers).toEqual([
      { severity: 'ticket', longMs: 259_200_000, shortMs: 21_600_000, factor: 1 },
    ]);
  });
});

describe('hostile text', () => {
  const nest = (name: string, of: string) => `${name}: &${name} [${Array.from({ length: 9 }, () => of).join(',')}]\n`;
  const bomb =
    nest('a', 'x') + ['b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name, i) => nest(name, `*${'abcdefgh'[i]}`)).join('');

  test.each([
    ['a bomb of aliases', bomb],
    ['itself inside itself', 'a: &a {b: *a}\n'],
    ['depth', '['.repeat(20_000)],
    ['a list of lists', '- '.repeat(20_000)],
    ['many keys', Array.from({ length: 8_000 }, (_, i) => `k${i}: 1`).join('\n')],
    ['many documents', '---\n'.repeat(5_000)],
    ['too much text', `a: "${'x'.repeat(1_000_000)}"`],
    ['many errors', '"\n'.repeat(8_000)],
    ['control characters', '\u0000\u0001\ufeff\ud800'],
  ])('%s is a problem and no harm', (_, text) => {
    const before = performance.now();
    const { slos, problems } = read(text);
    expect(slos).toEqual([]);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.length).toBeLessThan(100);
    expect(performance.now() - before).toBeLessThan(5_000);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});
