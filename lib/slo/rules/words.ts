import { nominalDays, recordedMetric, windowName } from '../burn-rules.ts';
import type { BurnTier, SloDefinition, TimeWindow } from '../schemas.ts';
import { dayMs } from '../window-rules.ts';
import { budgetMetric, windowMetric } from './recordings.ts';

/** Text as it is, whatever it holds: Prometheus expands `{{` in annotations and labels of alerts. */
export const literal = (text: string) => text.toWellFormed().replaceAll('{', '{{"{"}}');

/** A ratio in per cent without the noise of binary fractions: `99.95 %`. */
export const percent = (ratio: number) => `${Number((ratio * 100).toPrecision(10))} %`;

/** The window of an SLO as part of a sentence: `30-day budget`. */
export function budgetWords(window: TimeWindow): string {
  return window.kind === 'rolling' ? `${window.days}-day budget` : `budget of the ${window.unit}`;
}

/** `Payment availability (payment in production)`, to be put into annotations. */
export function title({ displayName, name, service, environment }: SloDefinition): string {
  return literal(`${displayName ?? name} (${service} in ${environment})`);
}

/** Sets `$i` to the matchers of the alert's SLO, quoted by the engine itself: no label can break out of them. */
const setMatchers = (label: string) =>
  `{{ $i := printf "{slo=%q,service=%q,${label}=%q}" $labels.slo $labels.service $labels.${label} }}`;

/** A query in a template; `{@}` stands for those matchers. Where nothing is found, `otherwise` is said. */
function queried(expression: string, then: string, otherwise = ''): string {
  const format = expression.replaceAll('%', '%%').replaceAll('{@}', '%[1]s');
  return `{{ with printf "${format}" $i | query }}${then}${otherwise && `{{ else }}${otherwise}`}{{ end }}`;
}

/** `1d 3h`, `3h 20m` or `12m` of a number of seconds: the two largest units of what the engine writes. */
const inWords = `humanizeDuration | reReplaceAll "^([0-9]+d [0-9]+h|[0-9]+h [0-9]+m|[0-9]+m) .*$" "$1"`;

/**
 * What a burn-rate alert says, worked out from events when it fires: `5.0 % of the 30-day budget was spent in the last
 * 6h; at the rate of the last 30m none is left in 1d 3h.`
 */
export function spentWords({ window }: SloDefinition, tier: BurnTier, environmentLabel: string): string {
  const [long, short] = [windowName(tier.longMs), windowName(tier.shortMs)];
  const longSeconds = tier.longMs / 1_000;
  const spent = `${recordedMetric('bad', tier.longMs)}{@} * ${longSeconds}`;
  const budget = `${budgetMetric}{@}`;
  const pace = `(${recordedMetric('bad', tier.shortMs)}{@} > 0)`;
  const share = queried(
    `100 * ${spent} / ${budget}`,
    `{{ first . | value | printf "%.1f" }} % of the ${budgetWords(window)} was spent in the last ${long}`,
    `The ${budgetWords(window)} burns`,
  );
  const lasts = `{{ first . | value | ${inWords} }}`;
  if (window.kind === 'calendar') {
    const whole = `; at the rate of the last ${short} a whole ${window.unit}'s budget lasts ${lasts}`;
    return `${setMatchers(environmentLabel)}${share}${queried(`${budget} / ${pace}`, whole)}.`;
  }
  // Before the long window, what was recorded then: nothing, where nothing was.
  const lengthSeconds = (nominalDays(window) * dayMs) / 1_000;
  const before = `(${windowMetric('bad')}{@} offset ${long} * ${lengthSeconds} or ${spent} * 0)`;
  const exhausted = queried(
    `(${budget} - ${before} - ${spent}) / ${pace}`,
    `; {{ if gt (first . | value) 0.0 }}at the rate of the last ${short} none is left in ${lasts}{{ else }}none is left{{ end }}`,
  );
  return `${setMatchers(environmentLabel)}${share}${exhausted}.`;
}
