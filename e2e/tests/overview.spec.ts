import { expect, test } from '../fixtures/test.ts';
import { OverviewPage } from '../pages/overview-page.ts';

test('shows the four services with figures that move', async ({ as }) => {
  const overview = new OverviewPage(await as('viewer'));
  await overview.open();
  for (const service of ['gateway', 'product', 'order', 'payment']) {
    await expect.poll(() => overview.rate(service), { timeout: 60_000 }).toBeGreaterThan(0);
  }
  const before = await overview.row('gateway').textContent();
  await expect.poll(() => overview.row('gateway').textContent(), { timeout: 40_000 }).not.toBe(before);
});

test('leads to a service by mouse and by keyboard', async ({ as }) => {
  const page = await as('viewer');
  const overview = new OverviewPage(page);
  await overview.open();
  await page.getByRole('link', { name: 'payment', exact: true }).click();
  await expect(page).toHaveURL(/\/services\/payment/);
  await expect(page.getByRole('heading', { level: 1, name: 'payment' })).toBeVisible();

  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('product');
  await page
    .getByRole('option', { name: /^product/ })
    .first()
    .click();
  await expect(page).toHaveURL(/\/services\/product/);
});

test('a deploy that CI reports is seen with who and what', async ({ as, demo, request }) => {
  const id = `e2e-${Date.now()}`;
  const report = () =>
    request.post(`${demo.url}/api/hooks/changes`, {
      headers: { authorization: `Bearer ${demo.hookToken}` },
      data: { id, kind: 'deploy', services: ['product'], version: '9.9.9', by: 'Dana of CI', title: `Deploy ${id}` },
    });
  expect(await (await report()).json()).toMatchObject({ recorded: true });
  expect(await (await report()).json()).toMatchObject({ recorded: false });
  const page = await as('viewer');
  await page.goto('/services/product');
  const marker = page.getByRole('button', { name: new RegExp(`Deploy ${id}`) }).first();
  await expect(marker).toBeAttached({ timeout: 30_000 });
});

test('says what it is in the tab, and that the traffic is generated', async ({ as }) => {
  const page = await as('viewer');
  await page.goto('/');
  await expect(page).toHaveTitle('Overview · Quarterdeck');
  await expect(page.getByText('demo', { exact: true }).first()).toBeVisible();
});
