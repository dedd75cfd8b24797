import type { CompiledIndicator } from './indicator.ts';
import { intervalOf, paces } from './rules/pace.ts';
import { recordingsOf } from './rules/recordings.ts';
import type { SloDefinition, SloPreview } from './schemas.ts';
import { dayMs } from './window-rules.ts';

const rounded = (value: number) => Number(value.toPrecision(2)).toLocaleString('en');

/** What its rules cost Prometheus: the series that they read at each evaluation and the samples that they store. */
export function costOf(
  definition: SloDefinition,
  indicator: CompiledIndicator,
  series: number,
  scrapeIntervalMs: number,
): SloPreview['cost'] {
  const { name, service, environment } = definition;
  const slo = { id: '', ledgerRevision: 1, name, service, environment, definition };
  const options = { environmentLabel: 'environment', publicUrl: '', scrapeIntervalMs };
  const counts = paces.map((pace) => ({
    recordings: recordingsOf(slo, indicator, pace, options).length,
    perDay: dayMs / intervalOf(pace, scrapeIntervalMs),
  }));
  const recorded = counts.reduce((sum, { recordings }) => sum + recordings, 0);
  const samplesPerDay = Math.round(counts.reduce((sum, { recordings, perDay }) => sum + recordings * perDay, 0));
  const read = `${series.toLocaleString('en')} series`;
  return {
    series,
    samplesPerDay,
    sentence: `Its rules read ${read} and record ${recorded} of their own: about ${rounded(samplesPerDay)} samples a day.`,
  };
}
