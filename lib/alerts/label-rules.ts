import type { AlertSeverity } from './schemas.ts';

type Labels = Readonly<Record<string, string>>;

/** The alert that always fires: it says that the way from Prometheus to here is open, and is none of the list. */
export const watchdogName = 'Watchdog';

/** Labels that may name the service of an alert, the likeliest first. */
export const serviceLabels = ['service', 'service_name', 'job'] as const;

const longestSummary = 500;

/** What an alert is about, read from its labels by the conventions that there are. */
export function readLabels(
  labels: Labels,
  { environmentLabel, defaultEnvironment }: { environmentLabel: string; defaultEnvironment: string },
): { name: string; environment: string; service: string | null; slo: string | null; severity: AlertSeverity } {
  const found = serviceLabels.map((label) => labels[label]).find(Boolean);
  return {
    name: labels.alertname || 'An alert without a name',
    environment: labels[environmentLabel] || defaultEnvironment,
    service: found ?? null,
    slo: labels.slo || null,
    severity: severityOf(labels.severity),
  };
}

/** `page`, `ticket` or `other`, whatever the team calls them. */
export function severityOf(label: string | undefined): AlertSeverity {
  switch (label?.toLowerCase()) {
    case 'page':
    case 'critical':
      return 'page';
    case 'ticket':
    case 'warning':
      return 'ticket';
    default:
      return 'other';
  }
}

/** One sentence: what the rule's author wrote, else the name. */
export function summaryOf(annotations: Labels, name: string): string {
  const written = [annotations.summary, annotations.message, annotations.title, annotations.description]
    .map((text) => text?.trim())
    .find(Boolean);
  const line = (written ?? name).split('\n')[0] ?? name;
  return line.length > longestSummary ? `${line.slice(0, longestSummary - 1)}…` : line;
}
