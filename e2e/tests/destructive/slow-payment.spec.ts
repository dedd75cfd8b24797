import { beginPaymentIncident, endPaymentIncidents } from '../../fixtures/payment-incident.ts';
import { expect, test } from '../../fixtures/test.ts';
import { OverviewPage } from '../../pages/overview-page.ts';
import { TracePage } from '../../pages/trace-page.ts';

/** Slow, but within what order waits for an attempt: a retry would blur who is to blame. */
const slowMs = 900;

test.describe.configure({ mode: 'serial', timeout: 120_000 });

test.beforeAll(async ({ api, demo }) => {
  test.setTimeout(150_000);
  await beginPaymentIncident(demo, {
    kind: 'latency',
    latencyMs: slowMs,
    durationSeconds: 600,
    scope: { paymentMethod: 'pm_visa', route: '/charges' },
  });
  const viewer = await api('viewer');
  await expect(async () => {
    const slow = { service: 'payment', operation: 'POST /charges', minDurationMs: String(slowMs) };
    const found = await (await viewer.get('/api/v1/traces', { params: slow })).json();
    expect(found.items.length).toBeGreaterThan(15);
    const dots = await (await viewer.get('/api/v1/services/payment/exemplars')).json();
    expect(Math.max(...dots.items.map(({ durationMs }: { durationMs: number }) => durationMs))).toBeGreaterThan(slowMs);
  }).toPass({ timeout: 140_000 });
});

test.afterAll(async ({ demo }) => endPaymentIncidents(demo));

test('from the overview to the guilty span and its logs in four clicks', async ({ as }) => {
  const page = await as('responder');
  const overview = new OverviewPage(page);
  await overview.open();
  await page.getByRole('link', { name: 'payment', exact: true }).click();
  const slowDot = page
    .getByRole('group', { name: 'Exemplars' })
    .getByRole('button', { name: /\b(9\d\d ms|1(\.\d+)? s)\b/ });
  await expect(async () => slowDot.last().click({ force: true, timeout: 2_000 })).toPass({ timeout: 45_000 });
  await page.getByRole('link', { name: /open.*trace/i }).click();
  await expect(page).toHaveURL(/\/traces\/[0-9a-f]{32}.*span=[0-9a-f]{16}/);
  const trace = new TracePage(page);
  await expect(trace.detail()).toContainText('POST /charges');
  await expect(trace.detail()).toContainText('simulated.incident');
  await expect(trace.detail().getByRole('region', { name: 'Logs of this span' })).toContainText('/charges');
});

test('what differs names how the slow ones were paid', async ({ as }) => {
  const page = await as('responder');
  await page.goto('/traces?service=payment&operation=POST%20%2Fcharges&from=now-15m');
  await page.getByRole('group', { name: 'Select' }).getByRole('button', { name: /slow/i }).click();
  const attributes = page.getByTestId('differs-attribute');
  await expect(attributes.first()).toBeVisible();
  const first = await attributes.allTextContents();
  expect(first.slice(0, 3).filter((text) => /latency.*simulated\.incident/.test(text))).toHaveLength(1);
  await expect(attributes.filter({ hasText: 'payment.method' })).toContainText('pm_visa');
});

test('the same way by keyboard alone', async ({ as }) => {
  const page = await as('responder');
  await new OverviewPage(page).open();
  await page.keyboard.press('g');
  await page.keyboard.press('t');
  await expect(page).toHaveURL(/\/traces/);
  const query = page.getByRole('combobox', { name: 'Query' });
  await expect(query).toBeVisible();
  await page.keyboard.press('/');
  await expect(query).toBeFocused();
  await page.keyboard.type('service = payment');
  await page.keyboard.press('Enter');
  await page.keyboard.type('simulated.incident = latency');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/simulated\.incident/);
  const link = page
    .getByRole('table', { name: /traces/i })
    .getByRole('link')
    .first();
  await expect(link).toBeVisible();
  for (let i = 0; i < 60 && !(await link.evaluate((element) => element === document.activeElement)); i++) {
    await page.keyboard.press('Tab');
  }
  await expect(link).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/traces\/[0-9a-f]{32}/);
  const trace = new TracePage(page);
  await trace.grid().waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('simulated.incident');
  await page.keyboard.press('Enter');
  await expect(trace.detail()).toContainText('simulated.incident');
  await expect(trace.detail().getByRole('region', { name: 'Logs of this span' })).toContainText('/charges');
});

test('the page of payment names the suspects once it fails', async ({ as, api, demo }) => {
  await beginPaymentIncident(demo, {
    kind: 'errors',
    ratio: 1,
    durationSeconds: 300,
    scope: { paymentMethod: 'pm_mastercard' },
  });
  const viewer = await api('viewer');
  await expect(async () => {
    const { items } = await (await viewer.get('/api/v1/services/payment/suspects?from=now-2m')).json();
    expect(items.map(({ value }: { value: string }) => value)).toContain('pm_mastercard');
  }).toPass({ timeout: 90_000 });
  const page = await as('responder');
  await page.goto('/services/payment?from=now-2m');
  await expect(page.getByRole('region', { name: /suspects/i })).toContainText('pm_mastercard', { timeout: 30_000 });
});
