import { expect, test } from '../fixtures/test.ts';

test('lines of a service are found by text and level, and lead to their trace', async ({ as, api }) => {
  const viewer = await api('viewer');
  await expect(async () => {
    const { items } = await (await viewer.get('/api/v1/logs', { params: { service: 'gateway', limit: '1' } })).json();
    expect(items).toHaveLength(1);
  }).toPass({ timeout: 60_000 });
  const page = await as('viewer');
  await page.goto('/logs?service=gateway&text=products');
  const line = page.getByText(/GET \/api\/products/).first();
  await expect(line).toBeVisible();
  await line.click();
  await page
    .getByRole('link', { name: /trace/i })
    .filter({ hasNotText: /^Traces$/ })
    .first()
    .click();
  await expect(page).toHaveURL(/\/traces\/[0-9a-f]{32}/);
});

test('following brings lines as they come; a pause holds them back', async ({ as }) => {
  const page = await as('viewer');
  await page.goto('/logs?service=gateway');
  await page.getByRole('button', { name: 'Follow' }).click();
  const lines = page.getByRole('treegrid').getByRole('row').filter({ hasText: 'gateway' });
  const newest = () => lines.first().textContent();
  await expect.poll(() => lines.count(), { timeout: 30_000 }).toBeGreaterThan(3);
  const before = await newest();
  await expect.poll(newest, { timeout: 30_000 }).not.toBe(before);

  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByText('paused', { exact: true })).toBeVisible();
  const held = await newest();
  await page.waitForTimeout(4_000);
  expect(await newest()).toBe(held);
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect.poll(newest, { timeout: 30_000 }).not.toBe(held);
});

test('the search is a search by address: a line, its level, its words', async ({ api }) => {
  const viewer = await api('viewer');
  const all = async (params: Record<string, string>) =>
    (await (await viewer.get('/api/v1/logs', { params })).json()).items as { body: string; service: string }[];
  const found = await all({ service: 'gateway', text: '"/api/products"', limit: '20' });
  expect(found.length).toBeGreaterThan(0);
  for (const { body, service } of found) {
    expect(service).toBe('gateway');
    expect(body).toContain('/api/products');
  }
  const wrong = await viewer.get('/api/v1/logs', { params: { level: 'loud' } });
  expect(wrong.status()).toBe(400);
  expect((await wrong.json()).errors[0].path).toBe('level');
});
