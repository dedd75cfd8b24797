import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createAlertmanager } from './client.ts';
import type { Alertmanager, SilenceMatcher } from './port.ts';
import {
  type AlertmanagerProgram,
  findAlertmanagers,
  type RealAlertmanager,
  sendAlerts,
  startAlertmanager,
} from './testing/real-alertmanager.ts';

const programs = await findAlertmanagers();
process.stdout.write(
  `Alertmanager: the contract runs against ${programs.map(({ version }) => version).join(' and ')}` +
    `${programs.length < 2 ? '; no newer one was found (QUARTERDECK_BACKENDS, ~/.cache/quarterdeck-backends)' : ''}\n`,
);

const at = (urls: string[], settings: { timeoutMs?: number } = {}) =>
  createAlertmanager({
    members: urls.map((url, index) => ({ name: `am-${index}`, url })),
    timeoutMs: 5_000,
    ...settings,
  });
const later = (ms: number) => new Date(Date.now() + ms).toISOString();
const equal = (name: string, value: string): SilenceMatcher => ({ name, value, isRegex: false, isEqual: true });
const hostile = 'a "quoted" \\ back\nline, {b=~"c"} é 🛥';

const inhibiting = `
route: {receiver: nobody, group_by: [alertname, service]}
receivers: [{name: nobody}]
inhibit_rules:
  - source_matchers: [severity="page"]
    target_matchers: [severity="ticket"]
    equal: [service]
`;

describe.each(programs.map((program) => [program.version, program] as const))(
  'Alertmanager %s',
  (_, program: AlertmanagerProgram) => {
    let real: RealAlertmanager;
    let door: Alertmanager;
    beforeAll(async () => {
      real = await startAlertmanager(program, { config: inhibiting });
      door = at([real.url]);
      await sendAlerts(real.url, [
        { labels: { alertname: 'Burn', service: 'order', severity: 'page' }, annotations: { summary: 's' } },
        { labels: { alertname: 'Burn', service: 'order', severity: 'ticket' } },
        { labels: { alertname: 'Disk', service: 'order', note: hostile }, generatorURL: 'http://prometheus/graph?x=1' },
      ]);
    });
    afterAll(() => real.stop());

    test('tells what it holds, inhibited ones included', async () => {
      await vi.waitFor(async () => expect((await door.alerts()).map(({ state }) => state)).toContain('suppressed'), {
        timeout: 10_000,
      });
      const held = await door.alerts();
      expect(held).toHaveLength(3);
      const page = held.find(({ labels }) => labels.severity === 'page');
      const ticket = held.find(({ labels }) => labels.severity === 'ticket');
      expect(page).toMatchObject({
        fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
        state: 'active',
        annotations: { summary: 's' },
        receivers: ['nobody'],
        generatorUrl: null,
      });
      expect(ticket?.inhibitedBy).toEqual([page?.fingerprint]);
      const disk = held.find(({ labels }) => labels.alertname === 'Disk');
      expect(disk).toMatchObject({ labels: { note: hostile }, generatorUrl: 'http://prometheus/graph?x=1' });
      expect(Date.parse(disk?.endsAt ?? '')).toBeGreaterThan(Date.now());
    });

    test('tells them in its groups', async () => {
      await vi.waitFor(async () => expect(await door.groups()).toHaveLength(2), { timeout: 10_000 });
      const groups = await door.groups();
      const burn = groups.find(({ labels }) => labels.alertname === 'Burn');
      expect(burn).toMatchObject({ receiver: 'nobody', labels: { service: 'order' } });
      expect(burn?.alerts).toHaveLength(2);
    });

    test('finds those that matchers match, whatever stands in them', async () => {
      const names = async (matchers: SilenceMatcher[]) =>
        (await door.alerts({ matchers })).map(({ labels }) => labels.alertname).sort();
      expect(await names([equal('note', hostile)])).toEqual(['Disk']);
      expect(await names([equal('service', 'order'), { ...equal('alertname', 'Burn'), isEqual: false }])).toEqual([
        'Disk',
      ]);
      expect(await names([{ name: 'alertname', value: 'B.*|x', isRegex: true, isEqual: true }])).toEqual([
        'Burn',
        'Burn',
      ]);
      expect(await names([{ name: 'severity', value: 'page|ticket', isRegex: true, isEqual: false }])).toEqual([
        'Disk',
      ]);
      await expect(names([{ name: 'a', value: '(', isRegex: true, isEqual: true }])).rejects.toMatchObject({
        kind: 'invalid',
        code: 'request.invalid',
      });
    });

    test('makes, changes and ends a silence', async () => {
      const wanted = {
        matchers: [equal('note', hostile), { name: 'service', value: 'x', isRegex: false, isEqual: false }],
        startsAt: later(0),
        endsAt: later(60_000),
        createdBy: 'Rafa "R" Responder',
        comment: `why: ${hostile}`,
      };
      const id = await door.putSilence(wanted);
      expect(await door.silence(id)).toMatchObject({ id, ...wanted, startsAt: expect.any(String), state: 'active' });
      await vi.waitFor(async () =>
        expect((await door.alerts({ matchers: [equal('alertname', 'Disk')] }))[0]?.silencedBy).toEqual([id]),
      );
      const endsAt = later(120_000);
      const changed = await door.putSilence({ ...wanted, id, endsAt });
      expect((await door.silence(changed))?.endsAt).toBe(endsAt);
      const pending = await door.putSilence({ ...wanted, startsAt: later(30_000), comment: 'later' });
      expect((await door.silences()).map((one) => [one.id, one.state])).toContainEqual([pending, 'pending']);
      expect(await door.expireSilence(changed)).toBe(true);
      expect((await door.silence(changed))?.state).toBe('expired');
      expect(await door.expireSilence(changed)).toBe(true);
      expect(await door.expireSilence(pending)).toBe(true);
    });

    test('says what it does not take, and knows what is not there', async () => {
      const silence = { startsAt: later(0), endsAt: later(60_000), createdBy: 'x', comment: 'x' };
      await expect(door.putSilence({ ...silence, matchers: [] })).rejects.toMatchObject({ kind: 'invalid' });
      await expect(
        door.putSilence({ ...silence, matchers: [{ name: 'a', value: '(', isRegex: true, isEqual: true }] }),
      ).rejects.toMatchObject({ kind: 'invalid' });
      await expect(
        door.putSilence({ ...silence, matchers: [equal('a', 'b')], endsAt: later(-60_000) }),
      ).rejects.toMatchObject({ kind: 'invalid' });
      const nobody = '019aa000-0000-7000-8000-000000000001';
      await expect(door.putSilence({ ...silence, id: nobody, matchers: [equal('a', 'b')] })).rejects.toMatchObject({
        kind: 'invalid',
      });
      for (const id of [nobody, 'no id', '../alerts']) {
        expect(await door.silence(id)).toBeNull();
        expect(await door.expireSilence(id)).toBe(false);
      }
    });

    test('says how it is', async () => {
      const [version] = program.version.split('+');
      const known = version !== 'of unknown version';
      expect(await door.members()).toEqual([
        {
          name: 'am-0',
          url: real.url,
          state: 'ok',
          version: known ? expect.stringContaining(version ?? '') : null,
          cluster: 'disabled',
          error: null,
        },
      ]);
    });
  },
);

describe('two of them as a cluster', () => {
  test('are one: what one is told the other knows, and one that dies is skipped', async () => {
    const [older, newer = older] = programs as [AlertmanagerProgram, AlertmanagerProgram?];
    const first = await startAlertmanager(older, { peers: [] });
    const second = await startAlertmanager(newer, { peers: [first.clusterAddress ?? ''] });
    try {
      const door = at([first.url, second.url], { timeoutMs: 3_000 });
      await vi.waitFor(
        async () => expect((await door.members()).map(({ cluster }) => cluster)).toEqual(['ready', 'ready']),
        { timeout: 20_000, interval: 200 },
      );
      for (const { url } of [first, second]) {
        await sendAlerts(url, [{ labels: { alertname: 'A', service: 'order' }, startsAt: '2026-01-01T00:00:00Z' }]);
      }
      const silence = {
        matchers: [equal('service', 'order')],
        startsAt: later(0),
        endsAt: later(600_000),
        createdBy: 'x',
        comment: 'by the first',
      };
      const id = await door.putSilence(silence);
      await vi.waitFor(async () => expect((await at([second.url]).silence(id))?.state).toBe('active'), {
        timeout: 10_000,
      });
      await first.kill();
      await vi.waitFor(async () => expect((await door.alerts())[0]?.silencedBy).toEqual([id]), { timeout: 10_000 });
      expect((await door.members()).map(({ state }) => state)).toEqual(['failing', 'ok']);
      expect((await door.members())[0]?.error).toContain('the connection was refused');
      const other = await door.putSilence({ ...silence, comment: 'by the second' });
      expect(await door.silence(other)).toMatchObject({ comment: 'by the second' });
      expect(await door.expireSilence(id)).toBe(true);
      await second.kill();
      await expect(door.alerts()).rejects.toMatchObject({
        code: 'source.unavailable',
        status: 503,
        detail: expect.stringContaining('None of the 2 members'),
      });
    } finally {
      await first.kill();
      await second.kill();
    }
  }, 60_000);
});

describe('what lies', () => {
  type Answer = { status?: number; type?: string; body?: string; hang?: boolean };
  async function lying(answer: Answer): Promise<{ url: string; asked: () => number; close: () => void }> {
    let asked = 0;
    const server = createServer((_, response) => {
      asked += 1;
      if (answer.hang) return;
      response.writeHead(answer.status ?? 200, { 'content-type': answer.type ?? 'application/json' });
      response.end(answer.body ?? '');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const close = () => {
      server.closeAllConnections();
      server.close();
    };
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: () => asked, close };
  }

  test.each<[string, Answer, string, RegExp]>([
    ['a page', { type: 'text/html', body: '<html>Sign in' }, 'garbled', /web page/],
    ['nothing', { body: '' }, 'garbled', /nothing/],
    ['half', { body: '[{"fingerprint":' }, 'garbled', /broke off/],
    ['another API', { body: '{"status":"success","data":[]}' }, 'garbled', /API v2/],
    ['a redirect', { status: 302 }, 'garbled', /302/],
    ['v1 only', { status: 404, type: 'text/plain', body: '404 page not found' }, 'garbled', /no Alertmanager API v2/],
    ['401', { status: 401 }, 'refused', /credentials/],
    ['no tenant', { status: 401, type: 'text/plain', body: 'no org id' }, 'refused', /ALERTMANAGER_TENANT/],
    ['403', { status: 403 }, 'refused', /403/],
    ['500', { status: 500, body: '"store is \\n broken"' }, 'unreachable', /500: store is broken/],
    ['no answer', { hang: true }, 'timeout', /within 0.3 s/],
  ])('%s is said in words', async (_, answer, kind, words) => {
    const server = await lying(answer);
    try {
      await expect(at([server.url], { timeoutMs: 300 }).alerts()).rejects.toMatchObject({
        kind,
        detail: expect.stringMatching(words),
      });
      expect((await at([server.url], { timeoutMs: 300 }).members())[0]?.state).toBe('failing');
    } finally {
      server.close();
    }
  });

  test('is not asked again first, and who leaves is not kept waiting', async () => {
    const silent = await lying({ hang: true });
    const good = await lying({ body: '[]' });
    try {
      const door = at([silent.url, good.url], { timeoutMs: 200 });
      expect(await door.alerts()).toEqual([]);
      expect(await door.alerts()).toEqual([]);
      expect(silent.asked()).toBe(1);
      const gone = AbortSignal.abort(new Error('gone'));
      await expect(door.alerts({ signal: gone })).rejects.toThrow('gone');
    } finally {
      silent.close();
      good.close();
    }
  });

  test('about a silence that it may have made: it is not made twice', async () => {
    const silent = await lying({ hang: true });
    const silence = {
      matchers: [equal('a', 'b')],
      startsAt: later(0),
      endsAt: later(60_000),
      createdBy: 'x',
      comment: 'y',
    };
    const held = { ...silence, id: 'made-by-the-first', updatedAt: later(0), status: { state: 'active' } };
    const second = await lying({ body: JSON.stringify([held]) });
    try {
      expect(await at([silent.url, second.url], { timeoutMs: 200 }).putSilence(silence)).toBe('made-by-the-first');
      expect(second.asked()).toBe(1);
    } finally {
      silent.close();
      second.close();
    }
  });
});
