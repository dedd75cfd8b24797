/** What a figure counts. Ratios are 0 to 1, money is in minor units of its currency. */
export type Unit =
  | 'requests/s'
  | '/s'
  | 'ratio'
  | 'seconds'
  | 'milliseconds'
  | 'bytes'
  | 'bytes/s'
  | 'count'
  | 'cores'
  /** So many times something: a burn rate. */
  | 'times'
  | 'none'
  | { money: string };

const none = '–';

/** A number with `digits` decimals and thousands separated by commas. */
export function formatNumber(value: number, digits: number): string {
  const [whole = '0', decimals] = Math.abs(value).toFixed(digits).split('.');
  const sign = value < 0 && Number(value.toFixed(digits)) !== 0 ? '−' : '';
  return `${sign}${whole.replace(/\B(?=(\d{3})+$)/g, ',')}${decimals ? `.${decimals}` : ''}`;
}

/** Decimals that leave about three digits to read. */
function digitsFor(value: number): number {
  const size = Math.abs(value);
  if (size === 0 || size >= 100) return 0;
  if (size >= 10) return 1;
  if (size >= 1) return 2;
  return Math.min(6, 2 - Math.floor(Math.log10(size)));
}

const trim = (text: string) => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);

interface Scaled {
  factor: number;
  suffix: string;
}

function timeScale(size: number): Scaled {
  if (size >= 86_400) return { factor: 1 / 86_400, suffix: ' d' };
  if (size >= 7200) return { factor: 1 / 3600, suffix: ' h' };
  if (size >= 120) return { factor: 1 / 60, suffix: ' min' };
  if (size >= 0.9995) return { factor: 1, suffix: ' s' };
  if (size >= 0.001 || size === 0) return { factor: 1000, suffix: ' ms' };
  return { factor: 1e6, suffix: ' µs' };
}

function byteScale(size: number, per: string): Scaled {
  const names = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  const step = size < 1000 ? 0 : Math.min(names.length - 1, Math.floor(Math.log10(size) / 3));
  return { factor: 1000 ** -step, suffix: ` ${names[step]}${per}` };
}

function countScale(size: number, suffix: string): Scaled {
  if (size >= 1e9) return { factor: 1e-9, suffix: ` G${suffix}` };
  if (size >= 1e6) return { factor: 1e-6, suffix: ` M${suffix}` };
  if (size >= 1e5) return { factor: 1e-3, suffix: ` k${suffix}` };
  return { factor: 1, suffix };
}

function moneyScale(currency: string): Scaled {
  const digits =
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  return { factor: 10 ** -digits, suffix: ` ${currency}` };
}

function scaleFor(unit: Unit, size: number): Scaled {
  if (typeof unit === 'object') return moneyScale(unit.money);
  switch (unit) {
    case 'ratio':
      return { factor: 100, suffix: ' %' };
    case 'seconds':
      return timeScale(size);
    case 'milliseconds': {
      const { factor, suffix } = timeScale(size / 1000);
      return { factor: factor / 1000, suffix };
    }
    case 'bytes':
      return byteScale(size, '');
    case 'bytes/s':
      return byteScale(size, '/s');
    case 'requests/s':
    case '/s':
      return countScale(size, '/s');
    case 'times':
      return countScale(size, '×');
    case 'count':
    case 'cores':
    case 'none':
      return countScale(size, '');
  }
}

/** One figure with its unit: `41.2/s`, `12.4 %`, `1.84 s`, `380 ms`, `118 MB`. What is not a number is a dash. */
export function formatValue(value: number | null | undefined, unit: Unit): string {
  if (value === null || value === undefined || Number.isNaN(value)) return none;
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const { factor, suffix } = scaleFor(unit, Math.abs(value));
  const shown = value * factor;
  if (unit === 'ratio') return formatPercent(value);
  if (typeof unit === 'object') return `${formatNumber(shown, factor === 1 ? 0 : 2)}${suffix}`;
  if (unit === 'count' && factor === 1 && Number.isInteger(value)) return formatNumber(shown, 0);
  if ((unit === 'seconds' || unit === 'milliseconds') && suffix !== ' s')
    return `${trim(formatNumber(shown, Math.abs(shown) >= 10 ? 0 : 1))}${suffix}`;
  if (unit === 'requests/s') return `${formatNumber(shown, Math.abs(shown) >= 100 ? 0 : 1)}${suffix}`;
  return `${trim(formatNumber(shown, digitsFor(shown)))}${suffix}`;
}

/** A ratio as a percentage: `12.4 %`, `0.04 %`; what is above zero is never shown as zero. */
export function formatPercent(ratio: number | null | undefined, digits?: number): string {
  if (ratio === null || ratio === undefined || !Number.isFinite(ratio)) return none;
  const percent = ratio * 100;
  if (digits !== undefined) return `${formatNumber(percent, digits)} %`;
  if (percent === 0) return '0 %';
  if (percent > 0 && percent < 0.005) return '< 0.01 %';
  if (percent > 99 && percent < 100) return `${trim(formatNumber(Math.min(percent, 99.999), 3))} %`;
  return `${trim(formatNumber(percent, Math.abs(percent) >= 10 ? 1 : 2))} %`;
}

/** How the ticks of one axis are written: all in the same scale, that of the largest, with the fewest decimals that tell them apart. */
export function axisFormat(unit: Unit, ticks: readonly number[]): (value: number) => string {
  const size = Math.max(0, ...ticks.map(Math.abs));
  const { factor, suffix } = scaleFor(unit, size);
  const shown = ticks.map((tick) => tick * factor);
  let digits = 0;
  while (digits < 6 && shown.some((v) => Math.abs(v - Number(v.toFixed(digits))) > 1e-9 * Math.max(1, size * factor)))
    digits++;
  const tail = suffix === '/s' ? '' : suffix;
  return (value) => `${formatNumber(value * factor, digits)}${tail}`;
}

/** The unit in words, for headers, tables and files. */
export function unitWord(unit: Unit): string {
  if (typeof unit === 'object') return unit.money;
  const words: Record<Exclude<Unit, object>, string> = {
    'requests/s': 'requests/s',
    '/s': 'per second',
    ratio: 'ratio',
    seconds: 'seconds',
    milliseconds: 'milliseconds',
    bytes: 'bytes',
    'bytes/s': 'bytes/s',
    count: 'count',
    cores: 'cores',
    times: 'times',
    none: '',
  };
  return words[unit];
}
