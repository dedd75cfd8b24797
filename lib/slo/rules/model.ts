import type { EnvironmentOf } from '../indicator.ts';

/** A rule as Prometheus reads it. */
export type Rule = RecordingRule | AlertingRule;

export interface RecordingRule {
  record: string;
  expr: string;
  labels: Record<string, string>;
}

export interface AlertingRule {
  alert: string;
  expr: string;
  /** How long the condition holds before it fires, such as `10m`. */
  for?: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

export interface RuleGroup {
  name: string;
  intervalMs: number;
  rules: Rule[];
}

/** What rules of all SLOs have in common. */
export interface RuleOptions {
  /** The label that holds the environment. */
  environmentLabel: string;
  /** Address of this console, for links. */
  publicUrl: string;
  /** Whose series are read; by default the configured source of each environment. */
  source?: EnvironmentOf;
  /** How often counters are scraped: nothing is evaluated more often. */
  scrapeIntervalMs: number;
  /** What the catalogue knows of a service. */
  serviceOf?: (environment: string, service: string) => { tier: number | null; runbookUrl: string | null } | null;
  /** Whether the recordings of an SLO are old enough to make a window of a day or more from. */
  isRecorded?: (slo: { id: string; ledgerRevision: number }, windowMs: number) => boolean;
}

/** An SLO that is left out of the rules, and why. */
export interface SetAside {
  environment: string;
  name: string;
  reason: string;
}
