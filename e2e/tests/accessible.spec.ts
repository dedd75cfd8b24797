import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '../fixtures/test.ts';

const pages = [
  '/',
  '/services',
  '/services/payment',
  '/services/map',
  '/services/map?view=table',
  '/traces',
  '/traces?service=gateway&cohort=errors',
  '/logs',
  '/slos',
  '/slos/payment-availability',
  '/slos/new?service=payment',
  '/alerts',
  '/alerts?view=silences',
  '/explore',
  '/settings/people',
  '/settings/tokens',
  '/settings/sources',
  '/settings/audit',
  '/settings/policies',
  '/no-such-page',
];

for (const path of pages) {
  test(`${path} has no serious finding, light or dark`, async ({ as }) => {
    const page = await as('admin');
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    await page.goto(path);
    await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' });
    await page.waitForTimeout(2_000);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa']).analyze();
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      const found = serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
      expect(found, colorScheme).toEqual([]);
    }
  });
}

test('the sign-in page and the API reference have no serious finding', async ({ page, demo }) => {
  for (const path of ['/sign-in', '/api/v1/docs']) {
    await page.goto(`${demo.url}${path}`);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
  }
});
