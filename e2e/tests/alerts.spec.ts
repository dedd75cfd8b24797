import { type Demo, expect, test } from '../fixtures/test.ts';

/** Tells the stack's Alertmanager of an alert, as any program of the team might. */
async function raise(demo: Demo, name: string, endsAt?: Date): Promise<void> {
  const startsAt = new Date(Date.now() - 60_000).toISOString();
  const response = await fetch(`${demo.alertmanagerUrl}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify([
      {
        startsAt,
        endsAt: (endsAt ?? new Date(Date.now() + 600_000)).toISOString(),
        labels: { alertname: name, severity: 'ticket', instance: 'db-1' },
        annotations: { summary: `${name}: the disk of db-1 is 91 % full` },
      },
    ]),
  });
  expect(response.ok).toBe(true);
}

test('an alert of Alertmanager is shown, acknowledged, silenced and let go again', async ({ as, api, demo }) => {
  test.setTimeout(120_000);
  const name = `DiskFills${Date.now()}`;
  await raise(demo, name);
  const page = await as('responder');
  await page.goto('/alerts');
  const row = page.locator('.alert-row', { hasText: name });
  await expect(row).toBeVisible({ timeout: 40_000 });
  await expect(row).toContainText('91 % full');
  await row.getByRole('button', { name: /^Acknowledge/ }).click();
  await expect(row).toContainText(/acknowledged by/, { timeout: 15_000 });

  await row.getByRole('button', { name: /^Silence/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Silence', exact: true }).click();
  await expect(dialog).toContainText(/say why|must say|reason/i);
  await dialog.getByLabel(/why|reason/i).fill('The disk is being enlarged');
  await dialog.getByRole('button', { name: 'Silence', exact: true }).click();
  await expect(dialog).toBeHidden();

  const responder = await api('responder');
  const found = async () => {
    const { items } = await (await responder.get('/api/v1/alerts', { params: { q: name } })).json();
    return items[0] as { state: string; fingerprint: string; silencedBy: string[] } | undefined;
  };
  await expect.poll(async () => (await found())?.state, { timeout: 80_000 }).toBe('silenced');
  const silence = (await found())?.silencedBy[0] as string;
  const ended = await responder.post(`/api/v1/silences/${silence}/expire`, {
    headers: { 'idempotency-key': `end-${silence}` },
  });
  expect(ended.ok()).toBe(true);
  const history = await (await responder.get(`/api/v1/alerts/${(await found())?.fingerprint}`)).json();
  expect(history.history.map(({ kind }: { kind: string }) => kind)).toEqual(
    expect.arrayContaining(['firing', 'acknowledged', 'silenced']),
  );
});

test('the Watchdog has been seen, and a viewer may look but not acknowledge', async ({ as, api, demo }) => {
  test.setTimeout(90_000);
  const viewer = await api('viewer');
  await expect(async () => {
    const { watchdog } = await (await viewer.get('/api/v1/alerts')).json();
    expect(watchdog.state).toBe('ok');
  }).toPass({ timeout: 60_000 });
  const name = `QueueGrows${Date.now()}`;
  await raise(demo, name);
  const page = await as('viewer');
  await page.goto('/alerts');
  const row = page.locator('.alert-row', { hasText: name });
  await expect(row).toBeVisible({ timeout: 40_000 });
  await expect(row.getByRole('button', { name: /^Acknowledge/ })).toBeDisabled();
  const { items } = await (await viewer.get('/api/v1/alerts', { params: { q: name } })).json();
  const refused = await viewer.post(`/api/v1/alerts/${items[0].fingerprint}/acknowledge`, { data: {} });
  expect(refused.status()).toBe(403);
});
