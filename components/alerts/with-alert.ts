import type { Alert } from '#lib/alerts/schemas.ts';

interface Parts {
  items?: unknown;
  pages?: unknown;
  alert?: unknown;
  alerts?: unknown;
}

const isSame = (one: unknown, alert: Alert) =>
  typeof one === 'object' && one !== null && (one as { id?: unknown }).id === alert.id && 'fingerprint' in one;

/**
 * An answer that is held with one alert as it is by now: a list, its pages, one alert with its history, or the
 * overview. What does not hold the alert is returned as it is.
 */
export function withAlert<T>(answer: T, alert: Alert): T {
  if (typeof answer !== 'object' || answer === null) return answer;
  const { items, pages, alert: own, alerts } = answer as Parts;
  if (Array.isArray(items)) {
    return items.some((one) => isSame(one, alert))
      ? { ...answer, items: items.map((one) => (isSame(one, alert) ? alert : one)) }
      : answer;
  }
  if (Array.isArray(pages)) return { ...answer, pages: pages.map((page) => withAlert(page, alert)) };
  if (isSame(own, alert)) return { ...answer, alert };
  return alerts === undefined ? answer : { ...answer, alerts: withAlert(alerts, alert) };
}
