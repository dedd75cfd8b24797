import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  findAlertmanagers,
  sendAlerts,
  startAlertmanager,
} from '#lib/adapters/alertmanager/testing/real-alertmanager.ts';
import { forget } from '#lib/core/registry.ts';
import { db, disconnect } from '#lib/db/index.ts';
import { useTestDatabase } from '#lib/db/testing/database.ts';
import { answerHook } from '#lib/main/hooks.ts';
import { watchdogOf } from './health.ts';
import forgetOld from './jobs/forget.ts';
import { selectState } from './state-store.ts';
import { delivery, fingerprintOf, type TestAlert } from './testing/deliveries.ts';

vi.stubEnv('LOG_LEVEL', 'fatal');

const hookToken = 'the hook token of tests';
let done: () => Promise<void>;
beforeAll(async () => {
  done = await useTestDatabase({ QD_HOOK_TOKEN: hookToken, ALERTMANAGER_URL: '' });
});
afterAll(() => done());
beforeEach(async () => {
  await db().$executeRaw`update alertmanager_state set wanted_at = null, watchdog_seen_at = null`;
});

async function send(body: unknown, headers: Record<string, string> = {}) {
  const request = new Request('http://localhost:3000/api/hooks/alertmanager', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${hookToken}`, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const response = await answerHook('alertmanager', request);
  return { status: response.status, body: await response.json(), headers: response.headers };
}

let serial = 0;
const firing = (more: Partial<TestAlert> = {}, labels: Record<string, string> = {}): TestAlert => ({
  labels: { alertname: `Alert${serial++}`, severity: 'critical', service_name: 'order', ...labels },
  annotations: { summary: 'Orders fail' },
  startsAt: '2026-11-21T10:00:00.123Z',
  ...more,
});
const rowsOf = ({ labels }: TestAlert) =>
  db().alert.findMany({ where: { fingerprint: fingerprintOf(labels) }, orderBy: { startsAt: 'asc' } });
const factsOf = (id: string) =>
  db().fact.findMany({ where: { subjectKind: 'alert', subjectId: id }, orderBy: { recordedAt: 'asc' } });
const eventsOf = async (alertId: string) =>
  (await db().alertEvent.findMany({ where: { alertId }, orderBy: [{ at: 'asc' }, { kind: 'asc' }] })).map(
    ({ kind }) => kind,
  );

describe('a delivery', () => {
  test('is kept with its alerts, events and facts before it is answered, and again changes nothing', async () => {
    const alert = firing();
    const first = await send(delivery([alert]));
    expect(first).toMatchObject({ status: 202, body: { alerts: 1, changed: 1 } });
    const [row] = await rowsOf(alert);
    expect(row).toMatchObject({
      name: alert.labels.alertname,
      environment: 'production',
      service: 'order',
      severity: 'page',
      status: 'firing',
      summary: 'Orders fail',
      startsAt: new Date(alert.startsAt),
      endsAt: null,
      receivers: ['quarterdeck'],
      groups: [{ receiver: 'quarterdeck', labels: { alertname: alert.labels.alertname } }],
    });
    const id = row?.id ?? '';
    expect(await eventsOf(id)).toEqual(['firing']);
    expect(await factsOf(id)).toMatchObject([
      { kind: 'alert', services: ['order'], startAt: new Date(alert.startsAt), endAt: null, id: row?.factId },
    ]);
    expect(await db().alertDelivery.findUnique({ where: { id: first.body.id } })).toMatchObject({
      state: 'processed',
      body: { receiver: 'quarterdeck' },
    });
    expect(await db().auditRecord.findMany({ where: { subjectId: first.body.id } })).toMatchObject([
      { verb: 'alerts.receive', outcome: 'done', actorKind: 'hook', detail: { firing: 1 } },
    ]);
    expect(await send(delivery([alert]))).toMatchObject({ status: 202, body: { changed: 0 } });
    expect([await eventsOf(id), (await factsOf(id)).length, (await rowsOf(alert)).length]).toEqual([['firing'], 1, 1]);
  });

  test('of a resolution ends its fact by one that supersedes it; a late firing reopens nothing', async () => {
    const alert = firing();
    const over = { ...alert, endsAt: '2026-11-21T10:20:00Z' };
    await send(delivery([alert]));
    await send(delivery([over]));
    await send(delivery([alert]));
    await send(delivery([over]));
    const [row, ...others] = await rowsOf(alert);
    expect([row?.status, row?.resolvedAt, others]).toEqual(['resolved', new Date(over.endsAt), []]);
    const [began, ended] = await factsOf(row?.id ?? '');
    expect(ended).toMatchObject({ supersedes: began?.id, endAt: new Date(over.endsAt) });
    expect(await eventsOf(row?.id ?? '')).toEqual(['firing', 'resolved']);
    expect((await selectState(db())).wanted_at).not.toBeNull();
  });

  test('at the same time as itself is one, and so is each of many alerts', async () => {
    const alerts = Array.from({ length: 50 }, () => firing());
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(delivery(alerts))));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(202));
    expect(answers.reduce((sum, { body }) => sum + body.changed, 0)).toBe(50);
    expect(await rowsOf(alerts[7] as TestAlert)).toHaveLength(1);
  });

  test('reads service, environment and severity by every convention', async () => {
    const cases: [Record<string, string>, Record<string, unknown>][] = [
      [{ service: 'a', service_name: 'b', job: 'c' }, { service: 'a' }],
      [{ service_name: 'b', job: 'c' }, { service: 'b' }],
      [{ service_name: '', job: 'c' }, { service: 'c' }],
      [{ service_name: '' }, { service: null }],
      [
        { deployment_environment_name: 'staging', severity: 'warning' },
        { environment: 'staging', severity: 'ticket' },
      ],
      [{ severity: 'PAGE' }, { severity: 'page' }],
      [
        { severity: 'ticket', slo: 's' },
        { severity: 'ticket', slo: 's' },
      ],
      [{ severity: 'info' }, { severity: 'other' }],
    ];
    const alerts = cases.map(([labels]) => firing({}, labels));
    await send(delivery(alerts));
    for (const [index, [, expected]] of cases.entries()) {
      expect(await rowsOf(alerts[index] as TestAlert)).toMatchObject([expected]);
    }
  });

  test('that leaves alerts out has the list read at once, and says how many', async () => {
    const { body } = await send(delivery([firing()], { truncatedAlerts: 7 }));
    expect(await db().alertDelivery.findUnique({ where: { id: body.id } })).toMatchObject({ truncated: 7 });
    expect((await selectState(db())).wanted_at).not.toBeNull();
  });

  test('of the Watchdog is a sighting and no alert', async () => {
    const dog = firing({}, { alertname: 'Watchdog' });
    await send(delivery([{ ...dog, endsAt: '2026-11-21T10:20:00Z' }]));
    expect((await selectState(db())).watchdog_seen_at).toBeNull();
    await send(delivery([dog]));
    expect(await rowsOf(dog)).toEqual([]);
    const state = await selectState(db());
    const inMinutes = (minutes: number) => watchdogOf(state, new Date(Date.now() + minutes * 60_000)).state;
    expect([inMinutes(0), inMinutes(4), inMinutes(6)]).toEqual(['ok', 'ok', 'absent']);
    expect(watchdogOf({ watchdog_seen_at: null }, new Date()).state).toBe('unknown');
  });

  test('of thousands of alerts is taken; of more than 10,000, or of more than 5 MB, it is not', async () => {
    const many = Array.from({ length: 2_500 }, (_, n) => firing({}, { alertname: 'Storm', n: String(n) }));
    expect(await send(delivery(many))).toMatchObject({ status: 202, body: { changed: 2_500 } });
    const again = await send(delivery(many));
    expect(again.body.changed).toBe(0);
    expect(await db().alert.count({ where: { name: 'Storm' } })).toBe(2_500);
    expect(await db().alertDelivery.count({ where: { state: 'received' } })).toBe(0);
    const more = await send(delivery(Array(10_001).fill(firing())));
    expect([more.status, more.body.code]).toEqual([413, 'request.too_large']);
    const large = await send(delivery([firing({ annotations: { summary: 'x'.repeat(5 * 2 ** 20) } })]));
    expect([large.status, large.body.code]).toEqual([413, 'request.too_large']);
  });
});

describe('what cannot be read', () => {
  const malformed = () => db().alertDelivery.findMany({ where: { state: 'malformed' }, orderBy: { id: 'desc' } });

  test.each<[string, unknown, string[]]>([
    ['no JSON', '{"version":"4",', []],
    ['nothing', '', ['version']],
    ['a list', [], ['']],
    ['version 3', { ...delivery([firing()]), version: '3' }, ['version']],
    [
      'a wrong fingerprint',
      { ...delivery([firing()]), alerts: [{ ...delivery([firing()]).alerts[0], fingerprint: 'x' }] },
      ['alerts[0].fingerprint'],
    ],
    [
      'no time',
      { ...delivery([firing()]), alerts: [{ ...delivery([firing()]).alerts[0], startsAt: 'soon' }] },
      ['alerts[0].startsAt'],
    ],
    ['alerts that are none', { ...delivery([firing()]), alerts: 'many' }, ['alerts']],
    ['U+0000', delivery([firing({}, { note: 'a\u0000b' })]), ['alerts[0].labels.note']],
  ])('%s gets 400 that says what is wrong, is kept aside, and has the list read', async (_, body, paths) => {
    const { status, body: problem } = await send(body);
    expect(status).toBe(400);
    const named = (problem.errors ?? []).map(({ path }: { path: string }) => path);
    for (const path of paths) expect(named).toContain(path);
    const [kept] = await malformed();
    expect(kept?.error).toContain(problem.detail);
    expect(kept?.text).toContain((typeof body === 'string' ? body : JSON.stringify(body)).slice(0, 20));
    expect((await selectState(db())).wanted_at).not.toBeNull();
  });

  test('is kept in part, and only the newest', async () => {
    for (let n = 0; n < 210; n++) {
      await db().alertDelivery.create({
        data: { id: crypto.randomUUID(), state: 'malformed', text: 'old', receivedAt: new Date(0) },
      });
    }
    await send(`{"a":"${'x'.repeat(200_000)}`);
    const kept = await malformed();
    expect(kept).toHaveLength(200);
    expect(Math.max(...kept.map(({ text }) => text?.length ?? 0))).toBe(65_536);
  });

  test('is not even read without the token, and other methods are told what it takes', async () => {
    const before = await db().alertDelivery.count();
    for (const authorization of ['', 'Bearer wrong', `Basic ${hookToken}`]) {
      const { status, body } = await send(delivery([firing()]), { authorization });
      expect([status, body.code]).toEqual([401, 'hooks.token_wrong']);
    }
    const got = await answerHook('alertmanager', new Request('http://localhost/api/hooks/alertmanager'));
    expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST']);
    expect(await db().alertDelivery.count()).toBe(before);
  });
});

test('while Postgres is away Alertmanager is told to come again', async () => {
  const url = process.env.DATABASE_URL;
  await disconnect();
  vi.stubEnv('DATABASE_URL', 'postgresql://nobody@127.0.0.1:1/none');
  forget('config');
  try {
    const { status, body, headers } = await send(delivery([firing()]));
    expect([status, body.code, headers.get('retry-after')]).toEqual([503, 'database.unavailable', '5']);
    expect((await send('{')).status).toBe(400);
  } finally {
    await disconnect();
    vi.stubEnv('DATABASE_URL', url ?? '');
    forget('config');
  }
});

test('old deliveries and alerts are forgotten, with their events; others are not, and no event alone', async () => {
  const [old, recent] = [firing(), firing()];
  await send(
    delivery([
      { ...old, endsAt: '2026-11-21T10:20:00Z' },
      { ...recent, endsAt: '2026-11-21T10:20:00Z' },
    ]),
  );
  const [gone] = await rowsOf(old);
  await db().alert.update({
    where: { id: gone?.id ?? '' },
    data: { resolvedAt: new Date(Date.now() - 401 * 86_400_000) },
  });
  const delivered = await db().alertDelivery.create({
    data: { id: crypto.randomUUID(), state: 'processed', receivedAt: new Date(Date.now() - 31 * 86_400_000) },
  });
  const log = { info: () => {}, debug: () => {} } as never;
  await forgetOld({ now: new Date(), signal: new AbortController().signal, log });
  expect([await rowsOf(old), (await rowsOf(recent)).length]).toEqual([[], 1]);
  expect(await eventsOf(gone?.id ?? '')).toEqual([]);
  expect(await db().alertDelivery.findUnique({ where: { id: delivered.id } })).toBeNull();
  await expect(db().alertEvent.deleteMany()).rejects.toThrow('append-only');
  await expect(db().alertEvent.updateMany({ data: { kind: 'firing' } })).rejects.toThrow('append-only');
});

test('a real Alertmanager delivers, and its resolution arrives', async () => {
  const [program] = await findAlertmanagers();
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const request = new Request(`http://localhost${incoming.url}`, {
      method: incoming.method,
      headers: incoming.headers as Record<string, string>,
      body: Buffer.concat(chunks),
    });
    const response = await answerHook('alertmanager', request);
    outgoing.writeHead(response.status, Object.fromEntries(response.headers)).end(await response.text());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const port = (server.address() as AddressInfo).port;
  const real = await startAlertmanager(program!, {
    config: `
route: {receiver: quarterdeck, group_by: [alertname], group_wait: 50ms, group_interval: 200ms}
receivers:
  - name: quarterdeck
    webhook_configs:
      - url: http://127.0.0.1:${port}/api/hooks/alertmanager
        http_config: {authorization: {credentials: "${hookToken}"}}
`,
  });
  try {
    const labels = { alertname: 'Real', service: 'order', severity: 'page' };
    const startsAt = new Date(Date.now() - 60_000).toISOString();
    await sendAlerts(real.url, [{ labels, startsAt, annotations: { summary: 'Really' } }]);
    const found = () => db().alert.findMany({ where: { name: 'Real' } });
    await vi.waitFor(async () => expect(await found()).toMatchObject([{ status: 'firing', summary: 'Really' }]), {
      timeout: 15_000,
    });
    const endsAt = new Date(Date.now() - 1_000).toISOString();
    await sendAlerts(real.url, [{ labels, startsAt, endsAt }]);
    await vi.waitFor(
      async () => expect(await found()).toMatchObject([{ status: 'resolved', resolvedAt: new Date(endsAt) }]),
      { timeout: 15_000 },
    );
  } finally {
    await real.kill();
    server.closeAllConnections();
    server.close();
  }
});
