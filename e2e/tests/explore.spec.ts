import { expect, test } from '../fixtures/test.ts';

test('a query is in the address, drawn, and shown as a table', async ({ as }) => {
  const page = await as('viewer');
  await page.goto('/explore');
  const editor = page.locator('.cm-content').first();
  await editor.click();
  await page.keyboard.type('sum by (job) (up)');
  await page.keyboard.press('Control+Enter');
  await expect(page).toHaveURL(/sum\+by|sum%20by/);
  await page
    .getByRole('tab', { name: 'Table' })
    .or(page.getByRole('button', { name: 'Table' }))
    .first()
    .click();
  await expect(page.getByRole('rowheader', { name: /gateway/ }).first()).toBeVisible();
});

test('an expression that is wrong gets a sentence', async ({ as }) => {
  const page = await as('viewer');
  await page.goto('/explore');
  await page.locator('.cm-content').first().click();
  await page.keyboard.type('sum(');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText(/does not parse/i).first()).toBeVisible();
});
