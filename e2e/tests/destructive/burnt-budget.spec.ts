import { beginPaymentIncident, endPaymentIncidents } from '../../fixtures/payment-incident.ts';
import { figureOf, grownBy } from '../../fixtures/raw-counters.ts';
import { expect, test } from '../../fixtures/test.ts';
import { OverviewPage } from '../../pages/overview-page.ts';

const total = 'http_client_request_duration_seconds_count{peer_service="payment"}';
const bad = 'http_client_request_duration_seconds_count{peer_service="payment",http_response_status_code=~"5..|"}';
const slo = 'payment-availability';
const target = 0.9995;

test.describe.configure({ mode: 'serial', timeout: 420_000 });
test.afterAll(async ({ demo }) => endPaymentIncidents(demo));

test('the budget on the page is that of the raw counters', async ({ api, demo }) => {
  const viewer = await api('viewer');
  let figures: { from: string; until: string; bad: number; total: number; budgetLeft: number } | null = null;
  await expect(async () => {
    const detail = await (await viewer.get(`/api/v1/slos/${slo}`)).json();
    expect(detail.backfill).toBe('done');
    expect(detail.figures.total).toBeGreaterThan(1_000);
    figures = detail.figures;
  }).toPass({ timeout: 120_000 });
  const { from, until, budgetLeft } = figures as never as { from: string; until: string; budgetLeft: number };
  const counted = {
    bad: await grownBy(demo, bad, new Date(from), new Date(until)),
    total: await grownBy(demo, total, new Date(from), new Date(until)),
  };
  const left = 1 - counted.bad / ((1 - target) * counted.total);
  expect(Math.abs(budgetLeft - left)).toBeLessThan(0.001);
});

test('half of all payments failing pages when the formula says so, and the page says what it means', async ({
  as,
  api,
  demo,
}) => {
  const responder = await api('responder');
  const hour = (await figureOf(demo, `sum(increase(${total}[1h]))`)) ?? 0;
  const rate = (await figureOf(demo, `sum(rate(${total}[2m]))`)) ?? 0;
  // 14.4 × the budget must fail within the hour.
  const predictedSeconds = (14.4 * (1 - target) * hour) / (rate * 0.5);
  const began = Date.now();
  await beginPaymentIncident(demo, { kind: 'errors', ratio: 0.5, durationSeconds: 420 });
  const pages = async () => {
    const { items } = await (await responder.get('/api/v1/alerts', { params: { slo, severity: 'page' } })).json();
    return items as { name: string; summary: string; state: string; labels: Record<string, string> }[];
  };
  await expect.poll(async () => (await pages()).length, { timeout: 150_000, intervals: [1_000] }).toBeGreaterThan(0);
  const tookSeconds = (Date.now() - began) / 1_000;
  // Scrape, evaluation, Alertmanager's group wait and the webhook come on top.
  expect(tookSeconds).toBeLessThan(predictedSeconds + 60);
  const [page] = await pages();
  expect(page?.labels).toMatchObject({ slo, service: 'payment', severity: 'page' });
  // How large the budget is, is recorded every two minutes only: a stack that has just started may not know it yet.
  await expect
    .poll(async () => (await pages()).map(({ summary }) => summary).join('\n'), {
      timeout: 200_000,
      intervals: [2_000],
    })
    .toMatch(/% of the 30-day budget was spent in the last 1h; at the rate of the last 5m none is left/);

  const screen = await as('responder');
  await new OverviewPage(screen).open();
  const needs = screen.getByRole('region', { name: 'Needs you now' });
  await expect(needs).toContainText('payment', { timeout: 20_000 });
  await screen.goto(`/slos/${slo}`);
  await expect(screen.getByRole('heading', { level: 1 })).toHaveText('Payment answers');
  await expect(screen.getByText(/pages? fires?/).first()).toBeVisible({ timeout: 30_000 });
});

test('a payment that is dead burns its budget where its callers count', async ({ api, demo }) => {
  await endPaymentIncidents(demo);
  const scale = (replicas: number) =>
    fetch(`${demo.supervisorUrl}/v1/workloads/payment/scale`, {
      method: 'POST',
      headers: { authorization: `Bearer ${demo.supervisorToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ replicas }),
    });
  expect((await scale(0)).ok).toBe(true);
  try {
    const viewer = await api('viewer');
    await expect(async () => {
      expect((await figureOf(demo, 'sum(up{job="payment"})')) ?? 0).toBe(0);
      expect(await figureOf(demo, `sum(rate(${bad}[30s])) / sum(rate(${total}[30s]))`)).toBeGreaterThan(0.9);
      const { burnNow, state } = await (await viewer.get(`/api/v1/slos/${slo}`)).json();
      expect(burnNow).toBeGreaterThan(100);
      expect(['at_risk', 'breached']).toContain(state);
    }).toPass({ timeout: 120_000 });
  } finally {
    await scale(1);
    await expect
      .poll(() => figureOf(demo, 'sum(up{job="payment"})'), { timeout: 60_000, intervals: [1_000] })
      .toBeGreaterThan(0);
  }
});
