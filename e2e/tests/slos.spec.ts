import { expect, test } from '../fixtures/test.ts';

const own = (name: string, target: number) => `apiVersion: openslo/v1
kind: SLO
metadata:
  name: ${name}
  displayName: Search answers
spec:
  service: product
  indicator:
    metadata:
      name: ${name}
    spec:
      ratioMetric:
        counter: true
        bad:
          metricSource:
            type: Prometheus
            spec:
              query: sum(http_server_request_duration_seconds_count{job="product", http_response_status_code=~"5.."})
        total:
          metricSource:
            type: Prometheus
            spec:
              query: sum(http_server_request_duration_seconds_count{job="product"})
  timeWindow:
    - duration: 7d
      isRolling: true
  budgetingMethod: Occurrences
  objectives:
    - target: ${target}
`;

test('the list has the SLOs of the fleet by time to exhaustion, with budgets from the generated past', async ({
  as,
  api,
}) => {
  test.setTimeout(120_000);
  const viewer = await api('viewer');
  await expect(async () => {
    const { items } = await (await viewer.get('/api/v1/slos')).json();
    const payment = items.find(({ name }: { name: string }) => name === 'payment-availability');
    expect(payment).toMatchObject({ service: 'payment', target: 0.9995, measuredAt: 'caller', backfill: 'done' });
    expect(payment.figures.coverage).toBeGreaterThan(0.9);
    expect(payment.figures.budgetLeft).toBeLessThan(0.9);
  }).toPass({ timeout: 100_000 });
  const page = await as('viewer');
  await page.goto('/slos');
  const table = page.getByRole('table', { name: /SLO/ });
  await expect(table.getByRole('link', { name: 'Payment answers' })).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText(/generated/).first()).toBeVisible();
  await page.getByLabel('Service', { exact: true }).selectOption('order');
  await expect(table.getByRole('link', { name: 'Payment answers' })).toBeHidden();
  await expect(page).toHaveURL(/service=order/);
});

test('one SLO shows its budget, burn rates, policy, rules and where its history is generated', async ({ as }) => {
  const page = await as('viewer');
  await page.goto('/slos/payment-availability');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Payment answers');
  await expect(page.getByText('Budget left').first()).toBeVisible();
  await expect(page.getByRole('table', { name: /burn rate/i }).getByRole('row')).toHaveCount(5);
  await expect(page.getByText(/measured from here/).first()).toBeVisible({ timeout: 20_000 });
  await page.getByRole('link', { name: 'Rules', exact: true }).click();
  await expect(page.getByText('slo:sli_bad:rate5m').first()).toBeVisible({ timeout: 20_000 });
  await page.getByRole('link', { name: 'OpenSLO', exact: true }).last().click();
  await expect(page.getByText('openslo/v1').first()).toBeVisible({ timeout: 20_000 });
});

test('a commander writes an SLO from a template, tries it on history and changes it', async ({ as, api }) => {
  test.setTimeout(120_000);
  const page = await as('commander');
  await page.goto('/slos/new?service=product');
  await page
    .getByRole('button', { name: /Take it.*Availability at its callers/ })
    .first()
    .click({ timeout: 30_000 });
  const name = `product-e2e-${Date.now()}`;
  await expect(async () => {
    await page.getByLabel('Name', { exact: true }).fill(name);
    await expect(page.getByRole('textbox', { name: 'OpenSLO' })).toContainText(name, { timeout: 5_000 });
  }).toPass({ timeout: 30_000 });
  await page.getByLabel('Objective in %').fill('99.5');
  await page.getByRole('button', { name: 'Replay' }).click();
  await expect(page.getByText(/Would (not )?have paged/).first()).toBeVisible({ timeout: 40_000 });
  await page.getByRole('button', { name: 'Create' }).click();
  await expect(page).toHaveURL(new RegExp(`/slos/${name}`), { timeout: 20_000 });

  const commander = await api('commander');
  await page.goto(`/slos/${name}/edit`);
  await expect(page.getByLabel('Objective in %')).toHaveValue('99.5', { timeout: 20_000 });
  // Somebody else is faster.
  const source = await (await commander.get(`/api/v1/slos/${name}/openslo`)).text();
  const { version } = await (await commander.get(`/api/v1/slos/${name}`)).json();
  const faster = await commander.put(`/api/v1/slos/${name}`, {
    data: { source: source.replace('0.995', '0.997'), version, note: 'stricter' },
  });
  expect(faster.ok()).toBe(true);
  await page.getByLabel('Objective in %').fill('99.9');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('What you wrote is still here')).toBeVisible({ timeout: 15_000 });
  await page.getByRole('button', { name: 'Save mine over it' }).click();
  await expect(page).toHaveURL(new RegExp(`/slos/${name}(\\?|$)`), { timeout: 20_000 });
  const saved = await (await commander.get(`/api/v1/slos/${name}`)).json();
  expect(saved).toMatchObject({ target: 0.999, revision: 3 });
  await commander.delete(`/api/v1/slos/${name}`, { data: { version: saved.version } });
});

test('OpenSLO goes in and comes out, and what is not supported is refused with its line', async ({ as, api }) => {
  const commander = await api('commander');
  const name = `search-e2e-${Date.now()}`;
  const page = await as('commander');
  await page.goto('/slos?dialog=import');
  const dialog = page.getByRole('dialog');
  await expect(async () => {
    await dialog.getByLabel('OpenSLO', { exact: true }).fill(`${own(name, 0.99)}---\n${own(`${name}-bad`, 1.5)}`);
    await dialog.getByRole('button', { name: 'Look at it' }).click();
    await expect(dialog.getByText(/line \d+/).first()).toBeVisible({ timeout: 10_000 });
  }).toPass({ timeout: 30_000 });
  await dialog.getByRole('button', { name: 'Create 1 SLO' }).click();
  await expect(dialog).toBeHidden({ timeout: 15_000 });
  const all = await (await commander.get('/api/v1/slos/openslo')).text();
  expect(all).toContain(`name: ${name}`);
  expect(all).not.toContain(`${name}-bad`);
  const { version } = await (await commander.get(`/api/v1/slos/${name}`)).json();
  expect((await commander.delete(`/api/v1/slos/${name}`, { data: { version } })).ok()).toBe(true);
});

test('an SLO of a file is read-only, and a viewer may not write one', async ({ as, api }) => {
  const commander = await api('commander');
  const { version } = await (await commander.get('/api/v1/slos/payment-availability')).json();
  const source = await (await commander.get('/api/v1/slos/payment-availability/openslo')).text();
  const refused = await commander.put('/api/v1/slos/payment-availability', { data: { source, version } });
  expect(refused.status()).toBe(409);
  expect(await refused.json()).toMatchObject({ code: 'slo.from_file' });
  const page = await as('commander');
  await page.goto('/slos/payment-availability/edit');
  await expect(page.getByText(/It lives in .*payment\.yaml/)).toBeVisible({ timeout: 20_000 });
  const viewer = await api('viewer');
  expect((await viewer.post('/api/v1/slos', { data: { source: own('not-mine', 0.9) } })).status()).toBe(403);
});

test('the rules of all SLOs run in Prometheus and can be downloaded', async ({ api }) => {
  const viewer = await api('viewer');
  await expect(async () => {
    const status = await (await viewer.get('/api/v1/slos/rules/status')).json();
    expect(status).toMatchObject({ state: 'loaded', setAside: [] });
  }).toPass({ timeout: 60_000 });
  const rules = await viewer.get('/api/v1/slos/rules');
  expect(rules.headers()['content-type']).toContain('application/yaml');
  expect(await rules.text()).toContain('14.4 * (1 - 0.9995)');
  const resource = await (await viewer.get('/api/v1/slos/rules', { params: { format: 'prometheusrule' } })).text();
  expect(resource).toContain('kind: PrometheusRule');
});
