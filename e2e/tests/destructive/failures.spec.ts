import type { APIRequestContext } from '@playwright/test';
import { type Demo, expect, test } from '../../fixtures/test.ts';
import { OverviewPage } from '../../pages/overview-page.ts';

interface Part {
  name: string;
  state: string;
  restarts: number;
  pid: number | null;
}

const bearer = (demo: Demo) => ({ authorization: `Bearer ${demo.supervisorToken}` });

async function part(request: APIRequestContext, demo: Demo, name: string): Promise<Part> {
  const { items } = await (await request.get(`${demo.supervisorUrl}/v1/parts`, { headers: bearer(demo) })).json();
  return (items as Part[]).find((one) => one.name === name) as Part;
}

async function pidOf(request: APIRequestContext, demo: Demo, name: string): Promise<number> {
  const { pid } = await part(request, demo, name);
  expect(pid, `the pid of ${name}`).toBeGreaterThan(0);
  return pid as number;
}

test.describe.configure({ mode: 'serial' });

test('while Prometheus hangs the panels say since when; when it answers they recover', async ({
  as,
  demo,
  request,
}) => {
  test.setTimeout(120_000);
  const page = await as('viewer');
  const overview = new OverviewPage(page);
  await overview.open();
  await expect.poll(() => overview.rate('gateway'), { timeout: 60_000 }).toBeGreaterThan(0);
  await page.goto('/services/gateway');
  await expect(page.getByRole('heading', { level: 1, name: 'gateway' })).toBeVisible();

  const pid = await pidOf(request, demo, 'prometheus');
  process.kill(pid, 'SIGSTOP');
  try {
    await expect(page.getByText(/stale|source down|does not answer/i).first()).toBeVisible({ timeout: 45_000 });
    await page.goto('/settings/sources');
    await expect(page.getByText(/Prometheus.*(does not answer|no answer|in time)/i).first()).toBeVisible({
      timeout: 45_000,
    });
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  await overview.open();
  await expect.poll(() => overview.rate('gateway'), { timeout: 45_000 }).toBeGreaterThan(0);
  await expect(page.getByText(/stale/i)).toHaveCount(0, { timeout: 45_000 });
});

test('a replica that is killed is seen, counted and replaced', async ({ as, demo, request, api }) => {
  const viewer = await api('viewer');
  const workload = async () =>
    (await request.get(`${demo.supervisorUrl}/v1/workloads/product`, { headers: bearer(demo) })).json();
  const before = await workload();
  const victim = before.replicas[0];
  await request.post(`${demo.supervisorUrl}/v1/replicas/${victim.id}/kill`, { headers: bearer(demo) });
  await expect
    .poll(async () => (await workload()).replicas.map(({ restarts }: { restarts: number }) => restarts), {
      timeout: 30_000,
    })
    .toContain(victim.restarts + 1);
  await expect
    .poll(
      async () => {
        const { items } = await (await viewer.get('/api/v1/services')).json();
        return items.find(({ name }: { name: string }) => name === 'product').replicas;
      },
      { timeout: 45_000 },
    )
    .toMatchObject({ ready: 2, desired: 2 });
  const page = await as('viewer');
  await page.goto('/services/product?tab=replicas');
  await expect(page.getByText(victim.id).first()).toBeVisible();
});

test('every replica of payment dead is failing at its callers, not quiet', async ({ demo, request, api }) => {
  test.setTimeout(150_000);
  const viewer = await api('viewer');
  const state = async () => {
    const { items } = await (await viewer.get('/api/v1/services')).json();
    return items.find(({ name }: { name: string }) => name === 'payment').state as string;
  };
  const workload = `${demo.supervisorUrl}/v1/workloads/payment`;
  const scale = (replicas: number) => request.post(`${workload}/scale`, { headers: bearer(demo), data: { replicas } });
  expect((await scale(0)).ok()).toBe(true);
  try {
    await expect.poll(state, { timeout: 90_000 }).toBe('failing');
  } finally {
    await scale(1);
  }
  await expect.poll(state, { timeout: 120_000 }).not.toBe('failing');
});

test('a killed Postgres comes back, and the console with it, without signing in again', async ({
  as,
  demo,
  request,
}) => {
  test.setTimeout(120_000);
  const page = await as('viewer');
  const overview = new OverviewPage(page);
  await overview.open();
  const before = await part(request, demo, 'postgres');
  process.kill(await pidOf(request, demo, 'postgres'), 'SIGKILL');
  await expect
    .poll(async () => (await part(request, demo, 'postgres')).restarts, { timeout: 45_000 })
    .toBeGreaterThan(before.restarts);
  await expect.poll(async () => (await request.get(`${demo.url}/readyz`)).status(), { timeout: 45_000 }).toBe(200);
  await overview.open();
  await expect.poll(() => overview.rate('gateway'), { timeout: 45_000 }).toBeGreaterThan(0);
  await expect(page).toHaveURL(`${demo.url}/`);
});

test('a killed worker and a killed receiver are started again, and the sources page says so', async ({
  as,
  demo,
  request,
}) => {
  for (const name of ['worker', 'receiver']) {
    const before = await part(request, demo, name);
    process.kill(await pidOf(request, demo, name), 'SIGKILL');
    await expect
      .poll(async () => (await part(request, demo, name)).restarts, { timeout: 45_000 })
      .toBeGreaterThan(before.restarts);
  }
  const page = await as('viewer');
  await page.goto('/settings/sources');
  await expect(page.getByRole('row').filter({ hasText: 'worker' }).first()).toContainText(/[1-9]/);
});
