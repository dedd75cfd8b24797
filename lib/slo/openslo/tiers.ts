import type { BurnTier } from '../schemas.ts';
import { fixedLength, shorthand } from './durations.ts';
import type { AlertConditionSpec } from './shapes.ts';

/** Windows over which burn rates are recorded. */
const recorded = ['5m', '30m', '1h', '2h', '6h', '1d', '3d'].map((text) => fixedLength(text) as number);
const inWords = (windows: readonly number[]) => windows.map(shorthand).join(', ');

/** The short window that the SRE workbook pairs with a long one. */
const usualShort: Record<number, string> = Object.fromEntries(
  Object.entries({ '30m': '5m', '1h': '5m', '2h': '30m', '6h': '30m', '1d': '2h', '3d': '6h' }).map(([long, short]) => [
    fixedLength(long),
    short,
  ]),
);

type Read =
  | { tier: BurnTier; warnings: { field: string; message: string }[] }
  | { field: 'lookbackWindow' | 'alertAfter'; message: string };

/**
 * A burn-rate condition as a pair of windows: `lookbackWindow` is the long one; `alertAfter`, for which the burn must
 * go on, is the short one, over which it must be as high.
 */
export function readTier({ severity, condition }: AlertConditionSpec): Read {
  const { threshold, lookbackWindow, alertAfter = '0m', op } = condition;
  const longMs = fixedLength(lookbackWindow);
  const longs = recorded.slice(1);
  if (longMs === null || !longs.includes(longMs)) {
    return { field: 'lookbackWindow', message: `must be one of ${inWords(longs)}: over these burn rates are recorded` };
  }
  const warnings = op === 'gte' ? [{ field: 'op', message: 'is read as gt' }] : [];
  const usual = usualShort[longMs] as string;
  const given = fixedLength(alertAfter);
  if (given === 0) {
    const message = `is read as ${usual}: the burn of the last ${usual} must be as high, so that an alert ends with its cause`;
    return {
      tier: { severity, longMs, shortMs: fixedLength(usual) as number, factor: threshold },
      warnings: [...warnings, { field: 'alertAfter', message }],
    };
  }
  const shorts = recorded.filter((ms) => ms < longMs);
  if (given === null || !shorts.includes(given)) {
    return {
      field: 'alertAfter',
      message: `must be one of ${inWords(shorts)}: it is the short window, over which the burn must be as high`,
    };
  }
  return { tier: { severity, longMs, shortMs: given, factor: threshold }, warnings };
}
