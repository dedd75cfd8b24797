import { expect, test } from '../fixtures/test.ts';

test('the range is in the address, and the address restores it in another browser', async ({ as }) => {
  const page = await as('viewer');
  await page.goto('/services/gateway');
  await page.getByRole('button', { name: /Last 1 hour/ }).click();
  await page.getByRole('button', { name: 'Last 15 minutes' }).click();
  await expect(page).toHaveURL(/from=now-15m/);
  const address = page.url();

  const other = await as('responder');
  await other.goto(address);
  await expect(other.getByRole('button', { name: /Last 15 minutes/ }).first()).toBeVisible();

  await page.goBack();
  await expect(page.getByRole('button', { name: /Last 1 hour/ })).toBeVisible();
});
