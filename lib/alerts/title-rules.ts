import type { Alert } from './schemas.ts';

const units: Record<string, string> = { s: 's', m: 'min', h: 'h', d: 'd', w: 'w' };

/** A window as people write it: `1h` is `1 h`, `5m` is `5 min`. What is none stays as it is. */
export function windowWords(text: string): string {
  const [, count, unit = ''] = /^(\d+)([smhdw])$/.exec(text) ?? [];
  return count ? `${count} ${units[unit]}` : text;
}

/** The windows of a burn-rate alert, `1 h / 5 min`; null for any other. */
export function windowsOf({ labels }: Pick<Alert, 'labels'>): string | null {
  const { long_window: long, short_window: short } = labels;
  return long && short ? `${windowWords(long)} / ${windowWords(short)}` : null;
}

const sloTitles: Record<string, string> = {
  SLOBurnRate: 'burns its budget',
  SLOErrorsAtLowTraffic: 'fails at low traffic',
  SLODataAbsent: 'has no data',
};
const placeLabels = ['instance', 'node', 'host', 'pod', 'device', 'mountpoint', 'job'];

/** What the alert is about, in a few words: `payment-availability burns its budget`, `DiskAlmostFull on db-1`. */
export function alertTitle({ name, slo, labels }: Pick<Alert, 'name' | 'slo' | 'labels'>): string {
  if (slo) return sloTitles[name] ? `${slo} ${sloTitles[name]}` : `${slo}: ${name}`;
  const place = placeLabels.map((label) => labels[label]).find((value) => value);
  return place ? `${name} on ${place}` : name;
}
