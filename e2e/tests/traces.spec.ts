import type { APIRequestContext } from '@playwright/test';
import { sendTrace } from '../fixtures/synthetic-trace.ts';
import { expect, test } from '../fixtures/test.ts';
import { TracePage } from '../pages/trace-page.ts';

interface Found {
  traceId: string;
  spanCount: number;
}

/** A trace of the fleet's own traffic that went through this service. */
async function traceOf(api: APIRequestContext, service: string, operation = ''): Promise<Found> {
  let found: Found | undefined;
  await expect(async () => {
    const params = { service, limit: '5', ...(operation && { operation }) };
    const { items } = await (await api.get('/api/v1/traces', { params })).json();
    // One that is a few seconds old is complete.
    found = (items as Found[]).at(-1);
    expect(found?.spanCount).toBeGreaterThan(3);
  }).toPass({ timeout: 60_000 });
  return found as Found;
}

test('a search is typed, stands in the address, and can be taken back', async ({ as, api }) => {
  await traceOf(await api('viewer'), 'payment');
  const page = await as('viewer');
  await page.goto('/traces');
  const query = page.getByRole('combobox', { name: 'Query' });
  await query.fill('service = payment');
  await query.press('Enter');
  await expect(page).toHaveURL(/service=payment/);
  const rows = page.getByRole('table', { name: /traces/i }).getByRole('row');
  await expect(rows.filter({ hasText: 'payment' }).first()).toBeVisible();
  await page.goBack();
  await expect(page).not.toHaveURL(/service=payment/);
  await page.goForward();
  await expect(page.getByRole('list', { name: 'Conditions' })).toContainText('payment');

  await rows.filter({ hasText: 'payment' }).first().getByRole('link').first().click();
  await expect(page).toHaveURL(/\/traces\/[0-9a-f]{32}/);
  await expect(new TracePage(page).rows().first()).toBeVisible();
});

test('a trace id that is pasted into the palette opens it', async ({ as, api }) => {
  const { traceId } = await traceOf(await api('viewer'), 'gateway');
  const page = await as('viewer');
  await page.goto('/');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill(traceId);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(traceId));
  await expect(new TracePage(page).rows().first()).toBeVisible();
});

test('a trace is read by keyboard, and the address shows another person the same', async ({ as, api }) => {
  const { traceId } = await traceOf(await api('viewer'), 'order', 'POST /orders');
  const page = await as('viewer');
  const trace = new TracePage(page);
  await trace.open(traceId);
  const all = await trace.rows().count();
  expect(all).toBeGreaterThan(5);

  // The rows are there before the page hears keys.
  await expect(async () => {
    await trace.grid().focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/span=[0-9a-f]{16}/, { timeout: 1_000 });
  }).toPass({ timeout: 20_000 });
  await expect(trace.detail()).toContainText('Duration');
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowLeft');
  await expect(trace.rows()).toHaveCount(1);

  const other = new TracePage(await as('responder'));
  await other.page.goto(page.url());
  await expect(other.rows()).toHaveCount(1);
  await expect(other.detail()).toContainText('Duration');
});

test('every way of looking at a trace shows it', async ({ as, api }) => {
  const { traceId } = await traceOf(await api('viewer'), 'order', 'POST /orders');
  const page = await as('viewer');
  const trace = new TracePage(page);
  await trace.open(traceId);
  await trace.tab('Statistics').click();
  await expect(page).toHaveURL(/view=statistics/);
  await expect(page.getByRole('table').getByRole('row').filter({ hasText: 'order' }).first()).toBeVisible();
  await trace.tab('Flame graph').click();
  await expect(page.getByRole('region', { name: 'Flame graph' })).toBeVisible();
  await trace.tab('Services').click();
  await expect(page.getByText('gateway').first()).toBeVisible();
  await trace.tab('Logs').click();
  await expect(page.getByText(/POST \/api\/orders/).first()).toBeVisible();
});

test('a large trace stays light: rows in view only, repetition folded, the next error one key away', async ({
  as,
  demo,
}) => {
  const traceId = await sendTrace(demo, 'e2e-batch', [
    { name: 'batch', parent: null, fromMs: 0, forMs: 1_600 },
    ...Array.from({ length: 40 }, (_, i) => ({ name: 'insert', parent: 0, fromMs: i, forMs: 0.5 })),
    ...Array.from({ length: 1_500 }, (_, i) => ({ name: `step ${i}`, parent: 0, fromMs: 50 + i, forMs: 1 })),
    { name: 'commit', parent: 0, fromMs: 1_560, forMs: 20, failed: true, attributes: { 'db.reason': 'disk is full' } },
  ]);
  const page = await as('viewer');
  const trace = new TracePage(page);
  await expect(async () => trace.open(traceId)).toPass({ timeout: 30_000 });
  await expect(trace.rows().filter({ hasText: '×40' })).toBeVisible();
  expect(await trace.rows().count()).toBeLessThan(150);

  await page.keyboard.press('e');
  await expect(trace.detail()).toContainText('commit failed');
  await expect(trace.detail()).toContainText('disk is full');

  await page.getByRole('searchbox', { name: 'Search in this trace' }).fill('disk is full');
  await expect(page.getByRole('status').filter({ hasText: '1 span' })).toBeVisible();
});

test('two traces are held against each other', async ({ as, demo }) => {
  const steps = (slow: boolean) => [
    { name: 'checkout', parent: null, fromMs: 0, forMs: slow ? 900 : 100 },
    { name: 'reserve', parent: 0, fromMs: 5, forMs: 20 },
    { name: 'charge', parent: 0, fromMs: 30, forMs: slow ? 850 : 40 },
    ...(slow ? [{ name: 'retry', parent: 0, fromMs: 880, forMs: 10 }] : []),
  ];
  const fast = await sendTrace(demo, 'e2e-shop', steps(false));
  const slow = await sendTrace(demo, 'e2e-shop', steps(true));
  const page = await as('viewer');
  await expect(async () => {
    // The page's own trace is told against the other one.
    await page.goto(`/traces/${slow}?view=compare&with=${fast}`);
    await expect(page.getByText('charge').first()).toBeVisible({ timeout: 4_000 });
  }).toPass({ timeout: 30_000 });
  await expect(page.getByRole('row').filter({ hasText: 'charge' })).toContainText(/slower/i);
  await expect(page.getByRole('row').filter({ hasText: 'retry' })).toContainText(/new/i);
});

test('a trace that nobody has is said to be nowhere, and where was looked', async ({ as }) => {
  const page = await as('viewer');
  await page.goto('/traces/0123456789abcdef0123456789abcdef');
  await expect(page.getByText(/Quarterdeck/).last()).toBeVisible();
  await expect(page.getByText(/not (found|kept|there)|no such trace|nowhere/i).first()).toBeVisible();
});

test('a search that is wrong names the field, also for programs', async ({ api }) => {
  const viewer = await api('viewer');
  for (const [params, path] of [
    [{ minDurationMs: '-1' }, 'minDurationMs'],
    [{ status: 'maybe' }, 'status'],
    [{ attribute: '=x' }, 'attribute'],
    [{ from: 'yesterday' }, 'from'],
  ] as const) {
    const answer = await viewer.get('/api/v1/traces', { params });
    expect(answer.status()).toBe(400);
    const { errors } = await answer.json();
    expect(errors[0].path).toContain(path);
  }
});
