import { expect, test } from '../fixtures/test.ts';

test('no page is wider than a phone, and the places are at the bottom', async ({ as }) => {
  const page = await as('admin');
  await page.setViewportSize({ width: 390, height: 844 });
  for (const path of [
    '/',
    '/services',
    '/services/payment',
    '/explore',
    '/settings/people',
    '/settings/sources',
    '/settings/audit',
  ]) {
    await page.goto(path);
    await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' });
    await page.waitForTimeout(1_500);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width, `${path} scrolls sideways`).toBeLessThanOrEqual(390);
  }
  await page.getByRole('navigation', { name: 'Short' }).getByRole('link', { name: 'Services' }).click();
  await expect(page).toHaveURL(/\/services/);
});
