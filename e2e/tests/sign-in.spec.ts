import { expect, signIn, test } from '../fixtures/test.ts';

test('a page leads to the sign-in form, and from there back to the page', async ({ page, demo }) => {
  await page.goto(`${demo.url}/services?env=production`);
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  const account = demo.accounts.find(({ role }) => role === 'viewer');
  await page.getByLabel('Email').fill(account?.email ?? '');
  await page.getByLabel('Password').fill(account?.password ?? '');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(/\/services\?env=production/);
});

test('an unknown person and a wrong password get the same answer', async ({ page, demo }) => {
  await page.goto(`${demo.url}/sign-in`);
  const answers: string[] = [];
  for (const email of ['nobody@quarterdeck.local', 'commander@quarterdeck.local']) {
    await page.getByLabel('Email').fill(email);
    await page.getByLabel('Password').fill('not the password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    const alert = page.locator('form').getByRole('alert');
    await expect(alert).toBeVisible();
    answers.push((await alert.textContent()) ?? '');
  }
  expect(answers[0]).toBe(answers[1]);
});

test('somebody who is disabled is out at once', async ({ browser, page, demo, api }) => {
  const admin = await api('admin');
  const email = `short-lived-${Date.now()}@quarterdeck.local`;
  await signIn(page, demo, 'admin');
  const created = await page.evaluate(
    async (body) =>
      (await fetch('/api/v1/people', { method: 'POST', headers: { 'content-type': 'application/json' }, body })).json(),
    JSON.stringify({ email, name: 'Short Lived', role: 'responder', password: 'a pass phrase of a test' }),
  );
  const context = await browser.newContext({ baseURL: demo.url });
  const other = await context.newPage();
  await other.goto('/sign-in');
  await other.getByLabel('Email').fill(email);
  await other.getByLabel('Password').fill('a pass phrase of a test');
  await other.getByRole('button', { name: 'Sign in' }).click();
  await other.waitForURL(`${demo.url}/`);
  const status = await page.evaluate(
    async (id) =>
      (
        await fetch(`/api/v1/people/${id}`, {
          method: 'PATCH',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ disabled: true }),
        })
      ).status,
    created.id as string,
  );
  expect(status).toBe(200);
  expect(await other.evaluate(async () => (await fetch('/api/v1/me')).status)).toBe(401);
  // The page may be leaving for the form by itself at this moment.
  await other.goto('/services').catch(() => null);
  await expect(other).toHaveURL(/\/sign-in/);
  const audit = await (await admin.get('/api/v1/audit?verb=people.update')).json();
  expect(audit.items[0]).toMatchObject({ outcome: 'done', subject: { kind: 'person', id: created.id } });
  await context.close();
});
