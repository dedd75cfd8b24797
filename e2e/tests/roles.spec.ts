import { expect, test } from '../fixtures/test.ts';

test('a viewer is refused a mutation, on the screen and by the API, and the refusal is in the audit', async ({
  as,
  api,
}) => {
  const page = await as('viewer');
  await page.goto('/settings/people');
  await expect(page.getByText(/needs an admin/).first()).toBeVisible();

  const viewer = await api('viewer');
  const refused = await viewer.post('/api/v1/changes', { data: { id: 'x', kind: 'deploy', services: ['payment'] } });
  expect(refused.status()).toBe(403);
  expect(await refused.json()).toMatchObject({ code: 'auth.role_too_low' });

  const commander = await api('commander');
  const { items } = await (await commander.get('/api/v1/audit?verb=changes.record&outcome=refused')).json();
  expect(items[0]).toMatchObject({ code: 'auth.role_too_low', actor: { kind: 'token' } });
});

test('an admin makes a token that works until it is revoked', async ({ as, playwright, demo }) => {
  const page = await as('admin');
  await page.goto('/settings/tokens');
  const name = `e2e ${Date.now()}`;
  await page
    .getByRole('button', { name: /Create (a|an API) token/ })
    .first()
    .click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByRole('button', { name: /^Create/ }).click();
  const secret = await page
    .getByText(/^qd_[\w-]{20,}$/)
    .first()
    .textContent();

  const client = await playwright.request.newContext({
    baseURL: demo.url,
    extraHTTPHeaders: { authorization: `Bearer ${secret}` },
  });
  expect((await client.get('/api/v1/me')).status()).toBe(200);
  await page.keyboard.press('Escape');
  const { items } = await page.evaluate(async () => (await fetch('/api/v1/tokens')).json());
  const { id } = items.find((token: { name: string }) => token.name === name);
  await page.evaluate(async (one) => fetch(`/api/v1/tokens/${one}`, { method: 'DELETE' }), id as string);
  expect((await client.get('/api/v1/me')).status()).toBe(401);
  await client.dispose();
});

test('a page of another site cannot change anything with the session of a person', async ({ as, demo }) => {
  const page = await as('admin');
  const cookies = await page.context().cookies();
  const response = await page.request.post(`${demo.url}/api/v1/people`, {
    headers: {
      origin: 'https://evil.example',
      cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; '),
    },
    data: {},
  });
  expect(response.status()).toBe(403);
  expect(await response.json()).toMatchObject({ code: 'request.origin_refused' });
});
