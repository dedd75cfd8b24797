import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  AlertmanagerError,
  createAlertmanager,
  type HeldAlert,
  setAlertmanager,
} from '#lib/adapters/alertmanager/index.ts';
import {
  findAlertmanagers,
  type RealAlertmanager,
  sendAlerts,
  startAlertmanager,
} from '#lib/adapters/alertmanager/testing/real-alertmanager.ts';
import { setPrometheusSources } from '#lib/adapters/prometheus/index.ts';
import { makeToken } from '#lib/auth/testing/accounts.ts';
import type { Role, Scope } from '#lib/core/actor.ts';
import { db, withTransaction } from '#lib/db/index.ts';
import { useTestDatabase } from '#lib/db/testing/database.ts';
import { api } from '#lib/main/api.ts';
import { expireAcknowledgements } from './acknowledge-alert.ts';
import { reconcile } from './reconcile.ts';
import { routes } from './routes.ts';
import type { Alert, AlertList, Silence } from './schemas.ts';
import { selectState } from './state-store.ts';
import { takeIn } from './take-in.ts';
import { fingerprintOf, heldAlert, heldBy, type TestAlert } from './testing/deliveries.ts';

vi.stubEnv('LOG_LEVEL', 'fatal');

const origin = 'http://localhost:3000';
let done: () => Promise<void>;
beforeAll(async () => {
  done = await useTestDatabase({ QD_PUBLIC_URL: origin, ALERTMANAGER_URL: '', PROMETHEUS_URL: '' });
  setPrometheusSources([]);
});
afterAll(async () => {
  setAlertmanager(undefined);
  await done();
});
beforeEach(async () => {
  setAlertmanager(undefined);
  await db().$executeRaw`truncate alert, alert_event cascade`;
  await db().$executeRaw`
    update alertmanager_state set reconciled_at = null, counted_at = null, failing_since = null, wanted_at = null`;
});

const tokens = new Map<string, Record<string, string>>();
async function bearer(role: Role, scope: Partial<Scope> = {}) {
  const key = JSON.stringify([role, scope]);
  if (!tokens.has(key)) tokens.set(key, (await makeToken(role, { scope })).bearer);
  return tokens.get(key) as Record<string, string>;
}

// biome-ignore lint/suspicious/noExplicitAny: answers of several shapes, each asserted
type Answer = { status: number; body: any; headers: Headers };
async function call(method: string, path: string, headers: Record<string, string>, body?: unknown): Promise<Answer> {
  const response = await api().fetch(
    new Request(`${origin}/api/v1${path}`, {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    }),
  );
  const answer = { status: response.status, body: await response.json(), headers: response.headers };
  const route = routes.find((one) => one.method === method.toLowerCase() && one.path === path.split('?')[0]);
  if (response.ok && route?.response) expect(route.response.safeParse(answer.body).error?.issues ?? []).toEqual([]);
  return answer;
}

let serial = 0;
const alertOf = (labels: Record<string, string> = {}, summary = 'It burns'): TestAlert => ({
  labels: { alertname: `Alert${serial++}`, severity: 'page', service: 'order', ...labels },
  annotations: { summary },
  startsAt: new Date(Date.now() - 600_000).toISOString(),
});
const rowOf = ({ labels }: TestAlert) =>
  db().alert.findFirst({ where: { fingerprint: fingerprintOf(labels) }, orderBy: { startsAt: 'desc' } });
const kindsOf = async (alert: TestAlert) => {
  const row = await rowOf(alert);
  const events = await db().alertEvent.findMany({
    where: { alertId: row?.id ?? '' },
    orderBy: [{ at: 'asc' }, { kind: 'asc' }],
  });
  return events.map(({ kind }) => kind);
};

/** Has alerts held, as by Alertmanager's list. */
async function hold(...held: HeldAlert[]) {
  return reconcile({ alertmanager: heldBy(() => held), countEveryMs: 0 });
}

describe('reconciling', () => {
  test('brings what a lost webhook would have, with its groups, once', async () => {
    const alert = alertOf();
    expect(await hold(heldAlert(alert))).toEqual({ state: 'ok', held: 1, changed: 1 });
    expect(await hold(heldAlert(alert))).toMatchObject({ changed: 0 });
    expect(await rowOf(alert)).toMatchObject({
      status: 'firing',
      groups: [{ receiver: 'quarterdeck', labels: { alertname: 'all' } }],
    });
    expect(await kindsOf(alert)).toEqual(['firing']);
  });

  test('notes who silences and inhibits, and when that ends', async () => {
    const alert = alertOf();
    await hold(heldAlert(alert, { silencedBy: ['s1'], state: 'suppressed' }));
    await hold(heldAlert(alert, { inhibitedBy: ['f'], state: 'suppressed' }));
    await hold(heldAlert(alert));
    expect(await kindsOf(alert)).toEqual(['firing', 'silenced', 'inhibited', 'unsilenced', 'uninhibited']);
  });

  test('resolves after three absences, or after its end, and never while Alertmanager does not answer', async () => {
    const [lasting, ending] = [alertOf(), alertOf()];
    const endsAt = new Date(Date.now() - 1_000).toISOString();
    await hold(heldAlert(lasting), heldAlert(ending, { endsAt }));
    const away = heldBy(() => new AlertmanagerError('unreachable', 'Nothing listens.'));
    for (let n = 0; n < 5; n++) {
      expect(await reconcile({ alertmanager: away, countEveryMs: 0 })).toMatchObject({ state: 'failing' });
    }
    expect([(await rowOf(lasting))?.status, (await rowOf(ending))?.status]).toEqual(['firing', 'firing']);
    expect(await selectState(db())).toMatchObject({ failing_since: expect.any(Date), detail: 'Nothing listens.' });
    await hold();
    expect(await rowOf(ending)).toMatchObject({ status: 'resolved', resolvedAt: new Date(endsAt), resolvedBy: 'list' });
    await hold();
    expect(await rowOf(lasting)).toMatchObject({ status: 'firing', absences: 2 });
    await hold();
    expect(await rowOf(lasting)).toMatchObject({ status: 'resolved', resolvedBy: 'list' });
    expect(await kindsOf(lasting)).toEqual(['firing', 'resolved']);
    expect((await selectState(db())).failing_since).toBeNull();
  });

  test('counts an absence once a minute, forgets it when the alert is back, and takes no notice of what came since', async () => {
    const alert = alertOf();
    await hold(heldAlert(alert));
    for (let n = 0; n < 5; n++) await reconcile({ alertmanager: heldBy(() => []) });
    expect(await rowOf(alert)).toMatchObject({ absences: 1 });
    await hold(heldAlert(alert));
    expect(await rowOf(alert)).toMatchObject({ absences: 0 });
    await db().$executeRaw`update alert set last_seen_at = now() + interval '1 minute'`;
    await hold();
    expect(await rowOf(alert)).toMatchObject({ absences: 0 });
  });

  test('by two workers at once is as by one', async () => {
    const alerts = Array.from({ length: 30 }, () => alertOf());
    const list = heldBy(() => alerts.map((alert) => heldAlert(alert)));
    const runs = await Promise.all([1, 2, 3].map(() => reconcile({ alertmanager: list })));
    expect(runs.reduce((sum, { changed }) => sum + changed, 0)).toBe(30);
    const none = heldBy(() => []);
    await Promise.all([1, 2, 3].map(() => reconcile({ alertmanager: none })));
    expect(await db().alert.groupBy({ by: ['absences'], _count: true })).toEqual([{ absences: 1, _count: 30 }]);
  });

  test('reopens what it hears of after a resolution, without its acknowledgement', async () => {
    const alert = alertOf();
    await hold(heldAlert(alert, { endsAt: new Date(Date.now() - 60_000).toISOString() }));
    await db().$executeRaw`update alert set acknowledged_at = now(), acknowledged_by_name = 'x'`;
    await hold();
    expect((await rowOf(alert))?.status).toBe('resolved');
    await hold(heldAlert(alert));
    expect(await rowOf(alert)).toMatchObject({ status: 'firing', resolvedAt: null, acknowledgedAt: null });
    expect(await kindsOf(alert)).toEqual(['firing', 'resolved', 'firing']);
  });

  test('sees the Watchdog by when Alertmanager last heard of it', async () => {
    const updatedAt = '2026-11-21T09:00:00.000Z';
    await db().$executeRaw`update alertmanager_state set watchdog_seen_at = null`;
    await hold(heldAlert(alertOf({ alertname: 'Watchdog' }), { updatedAt }));
    expect((await selectState(db())).watchdog_seen_at).toEqual(new Date(updatedAt));
    expect(await db().alert.count()).toBe(0);
  });
});

describe('the list', () => {
  const list = async (query: string, headers?: Record<string, string>) =>
    (await call('GET', `/alerts?${query}`, headers ?? (await bearer('viewer')))).body as AlertList;
  const names = ({ items }: AlertList) => items.map(({ name }) => name);

  test('has what fires first, pages before tickets, then what is taken care of or quiet; resolved ones apart', async () => {
    const [ticket, page, taken, silenced, inhibited, over] = [
      'ticket',
      'page',
      'taken',
      'silenced',
      'inhibited',
      'over',
    ].map((alertname) => alertOf({ alertname, severity: alertname === 'ticket' ? 'ticket' : 'page' })) as [
      TestAlert,
      TestAlert,
      TestAlert,
      TestAlert,
      TestAlert,
      TestAlert,
    ];
    await hold(heldAlert(over, { endsAt: new Date(Date.now() - 1_000).toISOString() }));
    await hold(
      heldAlert(inhibited, { inhibitedBy: ['f'] }),
      heldAlert(silenced, { silencedBy: ['s'] }),
      heldAlert(taken),
      heldAlert(ticket),
      heldAlert(page),
    );
    await call('POST', `/alerts/${fingerprintOf(taken.labels)}/acknowledge`, await bearer('responder'), {});
    const all = await list('');
    expect(names(all)).toEqual(['page', 'ticket', 'taken', 'silenced', 'inhibited']);
    expect(all.counts).toEqual({ firing: 2, acknowledged: 1, silenced: 1, inhibited: 1, resolved: 1 });
    expect(all.groups).toMatchObject([{ receiver: 'quarterdeck', alerts: all.items.map(({ id }) => id) }]);
    expect(names(await list('state=resolved'))).toEqual(['over']);
    expect(names(await list('state=acknowledged&state=resolved'))).toEqual(['taken', 'over']);
    expect(names(await list('severity=ticket'))).toEqual(['ticket']);
  });

  test('is read page by page, each alert once', async () => {
    const alerts = Array.from({ length: 23 }, (_, n) => alertOf({ severity: n % 3 === 0 ? 'ticket' : 'page' }));
    const over = alertOf({ alertname: 'over' });
    await hold(heldAlert(over, { endsAt: new Date(Date.now() - 1_000).toISOString() }));
    await hold(...alerts.map((alert) => heldAlert(alert)));
    const seen: string[] = [];
    let cursor: string | null = '';
    for (let pages = 0; cursor !== null; pages++) {
      expect(pages).toBeLessThan(7);
      const page: AlertList = await list(`state=firing&state=resolved&limit=5${cursor && `&cursor=${cursor}`}`);
      seen.push(...names(page));
      cursor = page.nextCursor;
    }
    expect(seen).toHaveLength(24);
    expect(new Set(seen).size).toBe(24);
    expect(seen.at(-1)).toBe('over');
    for (const bad of ['x', Buffer.from('1|2026-01-01T00:00:00.000Z|x').toString('base64url')]) {
      expect((await call('GET', `/alerts?cursor=${bad}`, await bearer('viewer'))).body.code).toBe(
        'request.cursor_invalid',
      );
    }
  });

  test('finds text in names, labels and summaries, and labels by their value', async () => {
    const disk = alertOf({ alertname: 'DiskFull', instance: 'node-7', service: '' }, '95 % of the disk is used');
    const other = alertOf({ alertname: 'Other', instance: 'node-71' });
    await hold(heldAlert(disk), heldAlert(other));
    for (const [q, found] of [
      ['diskfull', 1],
      ['95 %', 1],
      ['node-7', 2],
      ['instance=node-7', 1],
      ['instance=node-71', 1],
      ['disk node-71', 0],
      ['"of the disk"', 1],
      ['_iskFull', 0],
      ["'; drop table alert --", 0],
    ] as const) {
      expect([q, (await list(`q=${encodeURIComponent(q)}`)).items.length]).toEqual([q, found]);
    }
    expect(names(await list('service=order'))).toEqual(['Other']);
    expect((await list('env=staging')).items).toEqual([]);
  });

  test('is narrowed to the scope of a token, and so is one alert', async () => {
    const [own, other, none] = [alertOf(), alertOf({ service: 'payment' }), alertOf({ service: '' })];
    const staging = alertOf({ deployment_environment_name: 'staging' });
    await hold(...[own, other, none, staging].map((alert) => heldAlert(alert)));
    const narrow = await bearer('viewer', { services: ['order'], environments: ['production'] });
    const seen = await list('', narrow);
    expect(names(seen)).toEqual([own.labels.alertname]);
    expect(seen.counts.firing).toBe(1);
    expect((await call('GET', '/alerts?env=staging', narrow)).status).toBe(403);
    expect((await call('GET', '/alerts?service=payment', narrow)).status).toBe(403);
    for (const [alert, status] of [
      [own, 200],
      [other, 403],
      [none, 403],
      [staging, 403],
    ] as const) {
      for (const rest of ['', '/chart']) {
        expect((await call('GET', `/alerts/${fingerprintOf(alert.labels)}${rest}`, narrow)).status).toBe(status);
      }
    }
    const may = await bearer('responder', { services: ['order'] });
    expect((await call('POST', `/alerts/${fingerprintOf(other.labels)}/acknowledge`, may, {})).status).toBe(403);
    expect((await call('POST', `/alerts/${fingerprintOf(own.labels)}/acknowledge`, may, {})).status).toBe(200);
  });

  test('says since when Alertmanager does not answer, and answers', async () => {
    const alert = alertOf();
    setAlertmanager(heldBy(() => [heldAlert(alert)]));
    await reconcile();
    expect((await list('')).alertmanager).toMatchObject({ state: 'ok', failingSince: null });
    setAlertmanager(heldBy(() => new AlertmanagerError('timeout', 'Too slow.')));
    await reconcile();
    const answer = await list('');
    expect(names(answer)).toEqual([alert.labels.alertname]);
    expect(answer.alertmanager).toMatchObject({
      state: 'failing',
      failingSince: expect.any(String),
      detail: 'Too slow.',
      members: [{ name: 'am', version: '0.28.0' }],
    });
    setAlertmanager(null);
    expect((await list('')).alertmanager.state).toBe('not_configured');
  });
});

describe('acknowledging', () => {
  const act = async (alert: TestAlert, verb: string, body: unknown = {}, headers?: Record<string, string>) =>
    call('POST', `/alerts/${fingerprintOf(alert.labels)}/${verb}`, headers ?? (await bearer('responder')), body);

  test('has a name and a note, shows in the history, and is taken back', async () => {
    const alert = alertOf();
    await hold(heldAlert(alert));
    const { status, body } = await act(alert, 'acknowledge', { note: '  Looking ', version: 1 });
    expect([status, body]).toMatchObject([
      200,
      { state: 'acknowledged', acknowledged: { by: { name: 'A token of tests' }, note: 'Looking' }, version: 2 },
    ]);
    const detail = await call('GET', `/alerts/${fingerprintOf(alert.labels)}`, await bearer('viewer'));
    expect(detail.body.history).toMatchObject([
      { kind: 'acknowledged', detail: { note: 'Looking' } },
      { kind: 'firing', actor: { name: 'Alertmanager' } },
    ]);
    expect((await act(alert, 'unacknowledge')).body).toMatchObject({ state: 'firing', acknowledged: null });
    expect(await kindsOf(alert)).toEqual(['firing', 'acknowledged', 'unacknowledged']);
    expect((await act(alert, 'unacknowledge')).body).toMatchObject({ code: 'alert.stale' });
    const audits = await db().auditRecord.findMany({ where: { subjectId: (body as Alert).id } });
    expect(audits.map(({ verb }) => verb).sort()).toEqual(['alerts.acknowledge', 'alerts.unacknowledge']);
  });

  test('by two people at once is won by one, and the other hears who it was', async () => {
    const alert = alertOf();
    await hold(heldAlert(alert));
    const people = await Promise.all([1, 2, 3, 4].map(async () => (await makeToken('responder')).bearer));
    const answers = await Promise.all(people.map((headers) => act(alert, 'acknowledge', { version: 1 }, headers)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
    const lost = answers.find(({ status }) => status === 409);
    expect(lost?.body).toMatchObject({
      code: 'alert.stale',
      detail: expect.stringContaining('A token of tests was faster'),
    });
    const winner = answers.findIndex(({ status }) => status === 200);
    expect((await act(alert, 'acknowledge', { note: 'still' }, people[winner])).status).toBe(200);
    const { version } = (await rowOf(alert)) as { version: number };
    expect((await act(alert, 'acknowledge', { version }, people[(winner + 1) % 4])).status).toBe(200);
  });

  test('of what is over, unknown or no fingerprint is refused; viewers may not; the key makes it once', async () => {
    const alert = alertOf();
    await hold(heldAlert(alert, { endsAt: new Date(Date.now() - 1_000).toISOString() }));
    await hold();
    expect((await act(alert, 'acknowledge')).body).toMatchObject({ status: 409, code: 'alert.resolved' });
    expect((await act(alertOf(), 'acknowledge')).body).toMatchObject({ status: 404, code: 'alert.unknown' });
    expect((await call('GET', '/alerts/xyz', await bearer('viewer'))).status).toBe(400);
    const live = alertOf();
    await hold(heldAlert(live));
    expect((await act(live, 'acknowledge', {}, await bearer('viewer'))).status).toBe(403);
    const headers = { ...(await bearer('responder')), 'idempotency-key': 'once' };
    await act(live, 'acknowledge', {}, headers);
    expect((await act(live, 'acknowledge', {}, headers)).headers.get('idempotency-replayed')).toBe('true');
    expect(await kindsOf(live)).toEqual(['firing', 'acknowledged']);
  });

  test('does not carry over to the next firing', async () => {
    const alert = alertOf();
    await hold(heldAlert(alert));
    await act(alert, 'acknowledge');
    const next = { ...alert, startsAt: new Date(Date.now() - 60_000).toISOString() };
    await hold(heldAlert(next));
    expect(await rowOf(alert)).toMatchObject({ startsAt: new Date(next.startsAt), acknowledgedAt: null });
    const detail = await call('GET', `/alerts/${fingerprintOf(alert.labels)}`, await bearer('viewer'));
    expect(detail.body.earlier).toMatchObject([{ startsAt: alert.startsAt, acknowledgedBy: 'A token of tests' }]);
  });

  test('of a page ends after two hours that nobody acted in; of a ticket or a silenced one it does not', async () => {
    const [page, ticket, quiet, renewed] = [alertOf(), alertOf({ severity: 'ticket' }), alertOf(), alertOf()];
    await hold(heldAlert(page), heldAlert(ticket), heldAlert(quiet, { silencedBy: ['s'] }), heldAlert(renewed));
    for (const alert of [page, ticket, quiet, renewed]) await act(alert, 'acknowledge');
    const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000);
    expect(await expireAcknowledgements(inHours(1.9))).toBe(0);
    await db().$executeRaw`
      update alert set acknowledged_at = now() + interval '1 hour' where fingerprint = ${fingerprintOf(renewed.labels)}`;
    expect(await expireAcknowledgements(inHours(2.1))).toBe(1);
    expect(await expireAcknowledgements(inHours(2.1))).toBe(0);
    expect(await rowOf(page)).toMatchObject({ acknowledgedAt: null, acknowledgedByName: null });
    expect(await kindsOf(page)).toEqual(['firing', 'acknowledged', 'unacknowledged']);
    const [audit] = await db().auditRecord.findMany({
      where: { subjectId: (await rowOf(page))?.id, actorKind: 'job' },
    });
    expect(audit).toMatchObject({ verb: 'alerts.unacknowledge', detail: { from: 'A token of tests' } });
  });
});

describe('silences, in a real Alertmanager', () => {
  let real: RealAlertmanager;
  const order = { alertname: 'Burn', service: 'order', deployment_environment_name: 'production' };
  const payment = { ...order, service: 'payment' };
  const matcher = (name: string, value: string, more: object = {}) => ({
    name,
    value,
    isRegex: false,
    isEqual: true,
    ...more,
  });
  const until = (ms: number) => new Date(Date.now() + ms).toISOString();
  const wanted = (more: object = {}) => ({
    matchers: [matcher('service', 'order')],
    endsAt: until(3_600_000),
    reason: 'Maintenance of the database',
    ...more,
  });
  const create = async (body: unknown, headers?: Record<string, string>) =>
    call('POST', '/silences', headers ?? (await bearer('responder')), body);

  beforeAll(async () => {
    real = await startAlertmanager((await findAlertmanagers())[0]!);
  });
  afterAll(() => real.kill());
  beforeEach(async () => {
    setAlertmanager(createAlertmanager({ members: [{ name: 'am', url: real.url }], timeoutMs: 5_000 }));
    await sendAlerts(real.url, [{ labels: order }, { labels: payment }]);
    await reconcile();
  });

  test('are previewed, made, seen on their alerts at once, and ended', async () => {
    const matchers = encodeURIComponent(JSON.stringify([matcher('service', 'ord.*', { isRegex: true })]));
    const preview = await call('GET', `/silences/preview?matchers=${matchers}`, await bearer('viewer'));
    const burning = await db().alert.findFirstOrThrow({ where: { service: 'order' } });
    expect(preview.body).toEqual({ alerts: [burning.id], matched: 1, problem: null });
    const made = await create(wanted());
    expect(made).toMatchObject({
      status: 201,
      body: { createdBy: 'A token of tests', state: 'active', alerts: [burning.id] },
    });
    const { id } = made.body as Silence;
    expect(await db().alertEvent.findMany({ where: { alertId: burning.id, kind: 'silenced' } })).toHaveLength(1);
    expect((await create(wanted({ endsAt: made.body.endsAt }))).body.id).toBe(id);
    const { body } = await call('GET', '/silences', await bearer('viewer'));
    expect(body.items).toMatchObject([{ id, reason: 'Maintenance of the database', alerts: [burning.id] }]);
    expect(await db().fact.findMany({ where: { subjectKind: 'silence', subjectId: id } })).toMatchObject([
      { services: ['order'], title: expect.stringContaining('service="order"') },
    ]);
    const detail = await call('GET', `/alerts/${burning.fingerprint}`, await bearer('viewer'));
    expect(detail.body).toMatchObject({
      alert: { state: 'silenced' },
      silences: [{ id, createdBy: 'A token of tests' }],
    });
    const ended = await call('POST', `/silences/${id}/expire`, await bearer('responder'), {});
    expect(ended.body).toMatchObject({ id, state: 'expired' });
    expect((await db().alert.findFirstOrThrow({ where: { id: burning.id } })).silencedBy).toEqual([]);
    expect((await call('POST', `/silences/${id}/expire`, await bearer('responder'), {})).body.code).toBe(
      'silence.over',
    );
    expect((await call('POST', '/silences/no-such/expire', await bearer('responder'), {})).body.code).toBe(
      'silence.unknown',
    );
    expect(await db().auditRecord.count({ where: { subjectId: id, outcome: 'done' } })).toBe(3);
  });

  test.each<[string, object, string]>([
    ['everything', { matchers: [matcher('alertname', '.+', { isRegex: true })] }, 'matchers'],
    [
      'everything, in other words',
      { matchers: [matcher('alertname', '(.|x)*', { isRegex: true }), matcher('x', '')] },
      'matchers',
    ],
    ['all but one', { matchers: [matcher('alertname', 'x', { isEqual: false })] }, 'matchers'],
    ['nothing named', { matchers: [matcher('team', '')] }, 'matchers'],
    ['no matchers', { matchers: [] }, 'matchers'],
    ['no regular expression', { matchers: [matcher('service', '(', { isRegex: true })] }, 'matchers'],
    ['too long', { endsAt: until(31 * 86_400_000) }, 'endsAt'],
    ['over before', { endsAt: until(-1_000) }, 'endsAt'],
    ['before it begins', { startsAt: until(7_200_000) }, 'endsAt'],
    ['no reason', { reason: ' ' }, 'reason'],
  ])('of %s are refused', async (_, more, path) => {
    const { status, body } = await create(wanted(more));
    expect([status, body.errors?.[0]?.path.split('[')[0]]).toEqual([400, path]);
  });

  test('by a narrow token stay inside its scope', async () => {
    const narrow = await bearer('responder', { services: ['order'], environments: ['production'] });
    const environment = matcher('deployment_environment_name', 'production');
    for (const matchers of [
      [matcher('service', 'order')],
      [environment],
      [matcher('service', 'payment'), environment],
      [matcher('service', 'order|payment', { isRegex: true }), environment],
      [matcher('service', 'ord.*', { isRegex: true }), environment],
    ]) {
      expect((await create(wanted({ matchers }), narrow)).body.code).toBe('auth.scope_too_narrow');
    }
    const made = await create(wanted({ matchers: [matcher('service', 'order'), environment] }), narrow);
    expect(made.status).toBe(201);
    const other = await create(wanted({ matchers: [matcher('service', 'payment'), environment] }));
    const seen = await call('GET', '/silences', narrow);
    expect(seen.body.items.filter(({ state }: Silence) => state === 'active').map(({ id }: Silence) => id)).toEqual([
      made.body.id,
    ]);
    expect((await call('POST', `/silences/${other.body.id}/expire`, narrow, {})).status).toBe(403);
    // A token of payment must not reach order by another label that names a service.
    await sendAlerts(real.url, [{ labels: { ...order, job: 'payment' } }]);
    const payments = await bearer('responder', { services: ['payment'] });
    const byJob = await create(wanted({ matchers: [matcher('job', 'payment')] }), payments);
    expect(byJob.body).toMatchObject({ code: 'auth.scope_too_narrow', detail: expect.stringContaining('order') });
  });

  test('once by a key, and never while Alertmanager is away, in words', async () => {
    const headers = { ...(await bearer('responder')), 'idempotency-key': 'silence' };
    const body = wanted({ reason: 'by a key' });
    const first = await create(body, headers);
    const again = await create(body, headers);
    expect([again.body.id, again.headers.get('idempotency-replayed')]).toEqual([first.body.id, 'true']);
    setAlertmanager(createAlertmanager({ members: [{ name: 'am', url: 'http://127.0.0.1:1' }], timeoutMs: 500 }));
    for (const answer of [
      await create(wanted()),
      await call('GET', '/silences', await bearer('viewer')),
      await call('POST', `/silences/${first.body.id}/expire`, await bearer('responder'), {}),
    ]) {
      expect(answer).toMatchObject({
        status: 503,
        body: { code: 'source.unavailable', detail: expect.stringContaining('Silences are kept by Alertmanager') },
      });
    }
  });
});

test('several thousand alerts are listed quickly', async () => {
  const alerts = Array.from({ length: 3_000 }, (_, n) => alertOf({ n: String(n) }));
  for (let start = 0; start < alerts.length; start += 1_000)
    await hold(...alerts.slice(0, start + 1_000).map((alert) => heldAlert(alert)));
  const headers = await bearer('viewer');
  const started = performance.now();
  for (const query of ['', 'q=n%3D77', 'limit=500', 'severity=page']) await call('GET', `/alerts?${query}`, headers);
  expect((performance.now() - started) / 4).toBeLessThan(2_000);
  expect(
    await withTransaction((tx) => takeIn(tx, [], { actor: { kind: 'job', id: 'x', name: 'x' }, now: new Date() })),
  ).toEqual({ changed: 0, listWanted: false });
}, 120_000);
