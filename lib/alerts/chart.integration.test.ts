import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startPrometheus, type TestPrometheus } from '#deploy/local/testing/prometheus.ts';
import { createPrometheus, setPrometheusSources } from '#lib/adapters/prometheus/index.ts';
import { fullScope } from '#lib/core/actor.ts';
import { contextFor } from '#lib/core/context.ts';
import { useTestDatabase } from '#lib/db/testing/database.ts';
import { chartAlert } from './chart-alert.ts';
import { reconcile } from './reconcile.ts';
import { seeAlert } from './see-alert.ts';
import { fingerprintOf, heldAlert, heldBy } from './testing/deliveries.ts';

vi.stubEnv('LOG_LEVEL', 'fatal');

const rules = `
groups:
  - name: test
    interval: 1s
    rules:
      - {alert: Hot, expr: 'label_replace(vector(3), "service", "order", "", "") > 2', for: 5m, labels: {severity: page}}
      - {alert: Hot, expr: 'vector(30) > 20', labels: {severity: ticket}}
      - alert: SLOBurnRate
        expr: >-
          label_replace(vector(0.03), "slo", "a", "", "") / (label_replace(vector(1), "slo", "a", "", "") > 0) > 14.4 * (1 - 0.999)
          and label_replace(vector(0.02), "slo", "a", "", "") > 14.4 * (1 - 0.999)
        labels: {severity: page, long_window: 1h, short_window: 5m}
      - {alert: Gone, expr: 'absent(nothing)', labels: {severity: page}}
`;
const labelsOf = {
  page: { alertname: 'Hot', severity: 'page', service: 'order' },
  ticket: { alertname: 'Hot', severity: 'ticket' },
  burn: { alertname: 'SLOBurnRate', severity: 'page', slo: 'a', long_window: '1h', short_window: '5m' },
  gone: { alertname: 'Gone', severity: 'page' },
  strange: { alertname: 'Strange', severity: 'page' },
};
const ctx = contextFor({ kind: 'person', id: 'p', name: 'P', role: 'viewer', scope: fullScope });
let done: () => Promise<void>;
let folder: string;
let server: TestPrometheus;
beforeAll(async () => {
  done = await useTestDatabase({ ALERTMANAGER_URL: '' });
  folder = mkdtempSync(join(tmpdir(), 'quarterdeck-alerts-'));
  writeFileSync(join(folder, 'rules.yml'), rules);
  server = await startPrometheus({ config: `{global: {evaluation_interval: 1s}, rule_files: [${folder}/rules.yml]}` });
  const source = { id: 'p', name: 'P', url: server.url, timeoutMs: 10_000, scrapeIntervalMs: 1_000 };
  setPrometheusSources([
    createPrometheus(
      { ...source, environmentLabel: 'deployment_environment_name', defaultEnvironment: 'production' },
      { isolated: true },
    ),
  ]);
  const startsAt = new Date(Date.now() - 60_000).toISOString();
  const held = Object.values(labelsOf).map((labels) => heldAlert({ labels, startsAt }));
  await reconcile({ alertmanager: heldBy(() => held) });
  const fires = `${server.url}/api/v1/query?query=${encodeURIComponent('ALERTS{alertname="Gone"}')}`;
  await vi.waitFor(async () => expect(await (await fetch(fires)).text()).toContain('firing'), { timeout: 20_000 });
});
afterAll(async () => {
  setPrometheusSources(null);
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
  await done();
});

const range = { from: { kind: 'relative' as const, agoMs: 60_000 } };
const chart = (labels: Record<string, string>) => chartAlert({ ctx, fingerprint: fingerprintOf(labels), query: range });
const see = (labels: Record<string, string>) => seeAlert({ ctx, fingerprint: fingerprintOf(labels) });

test('a comparison shows what is compared with its threshold, of the rule whose labels the alert has', async () => {
  const drawn = await chart(labelsOf.page);
  expect(drawn).toMatchObject({ threshold: { value: 2, label: 'fires above 2' }, problem: null });
  expect(drawn.series).toHaveLength(1);
  expect(drawn.series[0]?.values.at(-1)).toBe(3);
  expect((await chart(labelsOf.ticket)).threshold?.value).toBe(20);
  const { explanation, expression, threshold } = await see(labelsOf.page);
  expect(expression).toContain('> 2');
  expect(threshold).toEqual({ value: 2, label: 'above 2' });
  expect(explanation).toEqual([
    expect.stringMatching(/^It fires when .* is above 2\.$/),
    'That must hold for 5 min first.',
  ]);
});

test('a burn rate is shown in times of the pace that the objective allows, for both windows', async () => {
  const drawn = await chart(labelsOf.burn);
  expect(drawn).toMatchObject({ unit: 'times', threshold: { value: 14.4 } });
  expect(drawn.series.map(({ values }) => Math.round((values.at(-1) ?? 0) * 1_000) / 1_000)).toEqual([30, 20]);
  expect((await see(labelsOf.burn)).explanation[0]).toContain('14.4 times the 0.1 %');
});

test('what compares nothing shows when it fired; what has no rule says so', async () => {
  // The first sample may be newer than the last point of the grid.
  await vi.waitFor(
    async () => {
      const drawn = await chart(labelsOf.gone);
      expect(drawn).toMatchObject({ threshold: null, series: [{ name: 'firing' }], problem: null });
      expect(drawn.series[0]?.values).toContain(1);
    },
    { timeout: 30_000, interval: 500 },
  );
  expect(await chart(labelsOf.strange)).toMatchObject({
    series: [],
    problem: expect.stringContaining('no rule of this name'),
  });
  expect((await see(labelsOf.strange)).explanation).toEqual([expect.stringContaining('not known here')]);
});

test('without a metrics source, or with one that is down, the alert is still told', async () => {
  setPrometheusSources([]);
  expect((await chart(labelsOf.page)).problem).toContain('PROMETHEUS_URL');
  expect((await see(labelsOf.page)).alert.name).toBe('Hot');
  const source = { id: 'q', name: 'Q', url: 'http://127.0.0.1:1', timeoutMs: 500, scrapeIntervalMs: 1_000 };
  setPrometheusSources([
    createPrometheus({ ...source, environmentLabel: 'e', defaultEnvironment: 'production' }, { isolated: true }),
  ]);
  expect((await chart(labelsOf.page)).problem).toContain('127.0.0.1:1');
  expect((await see(labelsOf.page)).explanation[0]).toContain('127.0.0.1:1');
});
