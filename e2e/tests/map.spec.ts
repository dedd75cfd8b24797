import { expect, test } from '../fixtures/test.ts';

test('the map says who calls whom, as a picture and as a table', async ({ as, api }) => {
  const viewer = await api('viewer');
  await expect(async () => {
    const { edges } = await (await viewer.get('/api/v1/map')).json();
    const calls = (edges as { from: string; to: string; rate: number }[]).filter(({ rate }) => rate > 0);
    expect(calls.map(({ from, to }) => `${from} ${to}`)).toEqual(
      expect.arrayContaining(['gateway order', 'gateway product', 'order payment', 'order product']),
    );
  }).toPass({ timeout: 90_000 });
  const page = await as('viewer');
  await page.goto('/services/map');
  for (const service of ['gateway', 'product', 'order', 'payment']) {
    const node = page.getByRole('button', { name: new RegExp(`^${service}, service, .*called by [1-9]`) });
    await expect(node).toBeVisible({ timeout: 30_000 });
  }
  await page.getByRole('button', { name: 'Table' }).click();
  await expect(page).toHaveURL(/view=table/);
  await expect(page.getByRole('row').filter({ hasText: 'order' }).filter({ hasText: 'payment' }).first()).toBeVisible();

  await page.goto('/services/map?focus=payment&depth=1&view=table');
  await expect(page.getByRole('row').filter({ hasText: 'gateway' }).filter({ hasText: 'product' })).toHaveCount(0);
  await expect(page.getByRole('row').filter({ hasText: 'order' }).filter({ hasText: 'payment' }).first()).toBeVisible();
});

test('the page of a service names its callers and what it depends on', async ({ as }) => {
  const page = await as('viewer');
  await page.goto('/services/order');
  const panel = page.getByRole('region', { name: 'Dependencies' });
  await expect(panel).toContainText('gateway', { timeout: 60_000 });
  await expect(panel).toContainText('payment');
  await expect(panel).toContainText('product');
});
