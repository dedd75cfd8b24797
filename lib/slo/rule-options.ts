import { prometheusSources } from '#lib/adapters/prometheus/index.ts';
import { catalog, entryFor } from '#lib/catalog/index.ts';
import { config } from '#lib/core/config.ts';
import type { RecordedWindows } from './rule-store.ts';
import type { RuleOptions } from './rules/model.ts';

/** How rules are made here: from the configuration, the catalogue, and what is recorded already. */
export function ruleOptions(recorded: RecordedWindows): RuleOptions {
  const { QD_ENVIRONMENT_LABEL, QD_PUBLIC_URL, PROMETHEUS_SCRAPE_SECONDS } = config();
  const { entries } = catalog();
  return {
    environmentLabel: QD_ENVIRONMENT_LABEL,
    publicUrl: QD_PUBLIC_URL,
    scrapeIntervalMs: prometheusSources()[0]?.source.scrapeIntervalMs ?? PROMETHEUS_SCRAPE_SECONDS * 1_000,
    serviceOf: (environment, service) => {
      const entry = entryFor(entries, environment, service);
      if (!entry) return null;
      return { tier: entry.tier, runbookUrl: entry.links.find(({ title }) => /runbook/i.test(title))?.url ?? null };
    },
    isRecorded: ({ id, ledgerRevision }, windowMs) => {
      const known = recorded[id];
      return known?.revision === ledgerRevision && known.windowsMs.includes(windowMs);
    },
  };
}
