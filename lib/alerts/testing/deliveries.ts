import type { Alertmanager, HeldAlert } from '#lib/adapters/alertmanager/index.ts';
import { sha256 } from '#lib/core/hash.ts';

export interface TestAlert {
  labels: Record<string, string>;
  annotations?: Record<string, string>;
  startsAt: string;
  endsAt?: string;
}

/** A fingerprint for labels; Alertmanager's own is another hash of the same length. */
export const fingerprintOf = (labels: Record<string, string>) =>
  sha256(JSON.stringify(Object.entries(labels).sort())).slice(0, 16);

/** A body as Alertmanager's webhook sends it: firing where there is no end. */
export function delivery(alerts: TestAlert[], more: Record<string, unknown> = {}) {
  const { alertname = '' } = alerts[0]?.labels ?? {};
  return {
    version: '4',
    groupKey: `{}:{alertname="${alertname}"}`,
    truncatedAlerts: 0,
    status: alerts.some(({ endsAt }) => endsAt === undefined) ? 'firing' : 'resolved',
    receiver: 'quarterdeck',
    groupLabels: { alertname },
    commonLabels: {},
    commonAnnotations: {},
    externalURL: 'http://alertmanager:9093',
    alerts: alerts.map(({ labels, annotations = {}, startsAt, endsAt }) => ({
      status: endsAt === undefined ? 'firing' : 'resolved',
      labels,
      annotations,
      startsAt,
      endsAt: endsAt ?? '0001-01-01T00:00:00Z',
      generatorURL: 'http://prometheus:9090/graph?g0.expr=up+%3D%3D+0&g0.tab=1',
      fingerprint: fingerprintOf(labels),
    })),
    ...more,
  };
}

/** An alert as Alertmanager's own list has it. */
export function heldAlert({ labels, annotations = {}, startsAt }: TestAlert, more: Partial<HeldAlert> = {}): HeldAlert {
  return {
    fingerprint: fingerprintOf(labels),
    labels,
    annotations,
    startsAt,
    endsAt: new Date(Date.now() + 240_000).toISOString(),
    updatedAt: new Date().toISOString(),
    generatorUrl: null,
    receivers: ['quarterdeck'],
    state: 'active',
    silencedBy: [],
    inhibitedBy: [],
    ...more,
  };
}

/** An Alertmanager that holds what it is told, or fails; what tests of reconciling need of one. */
export function heldBy(list: () => HeldAlert[] | Error): Alertmanager {
  const answer = async () => {
    const held = list();
    if (held instanceof Error) throw held;
    return held;
  };
  const never = () => Promise.reject(new Error('is not asked'));
  return {
    alerts: answer,
    groups: async () => [{ labels: { alertname: 'all' }, receiver: 'quarterdeck', alerts: await answer() }],
    members: async () => [
      { name: 'am', url: 'http://am', state: 'ok', version: '0.28.0', cluster: 'ready', error: null },
    ],
    silences: never,
    silence: never,
    putSilence: never,
    expireSilence: never,
  };
}
