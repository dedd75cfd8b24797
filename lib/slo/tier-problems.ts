import { isReachable, tiersOf } from './burn-rules.ts';
import { shorthand } from './openslo/durations.ts';
import type { Places } from './openslo/index.ts';
import type { BurnTier, SloDefinition, SloProblem } from './schemas.ts';

const nowhere = { line: null, column: null, path: '' };

/** A problem at a part of an SLO, or at its whole where that part is not written. */
export const problemAt = (
  places: Places,
  name: keyof Places,
  level: SloProblem['level'],
  code: string,
  message: string,
): SloProblem => ({ level, code, ...(places[name] ?? places.slo ?? nowhere), message });

/** The largest factor that a tier can reach at a target, rounded down to two digits and with room to fire. */
export function reachableFactor(target: number): number {
  const most = 0.9 / (1 - target);
  const digit = 10 ** (Math.floor(Math.log10(most)) - 1);
  return Number((Math.floor(most / digit) * digit).toPrecision(2));
}

const inWords = ({ longMs, shortMs, factor }: BurnTier) =>
  `${Number(factor.toPrecision(4))} × over ${shorthand(longMs)} and ${shorthand(shortMs)}`;

/** Alerts that can never fire, with one that can in their place. */
export function tierProblems(definition: SloDefinition, places: Places): SloProblem[] {
  const { target } = definition;
  const most = Number((1 / (1 - target)).toPrecision(3));
  return tiersOf(definition)
    .filter((tier) => !isReachable(tier, target))
    .map((tier) => {
      const factor = reachableFactor(target);
      const offer =
        factor > 1
          ? `A factor of ${factor} over the same windows can fire: write alertPolicies with threshold ${factor}.`
          : 'No factor above 1 can fire: raise the target, or leave burn alerts away with alertPolicies: [].';
      const what = tier.severity === 'page' ? 'page' : 'ticket';
      const message = `The ${what} of ${inWords(tier)} can never fire: while everything fails, the budget of ${Number((target * 100).toPrecision(6))} % burns at ${most} ×. ${offer}`;
      return problemAt(places, 'alerting', 'warning', 'slo.alert_out_of_reach', message);
    });
}
