import type { QueryUnit } from './explore-url.ts';

/** What a metric measures, from the suffix that Prometheus's naming rules ask for. */
function unitOfName(name: string): QueryUnit {
  const base = name.replace(/_(total|sum|bucket|count|created)$/, '');
  if (/_count$|_total$|_bucket$/.test(name) && !/_(seconds|bytes|ratio)_total$/.test(name)) return 'count';
  if (/_seconds$/.test(base)) return /timestamp|_time_seconds$|_created$/.test(name) ? 'none' : 'seconds';
  if (/_bytes$/.test(base)) return 'bytes';
  if (/_(ratio|percent)$/.test(base)) return /percent$/.test(base) ? 'none' : 'ratio';
  if (/_(p50|p9\d+)_seconds$|_duration$/.test(base)) return 'seconds';
  if (/_(requests|replicas|handles|connections|goroutines|threads|restarts|clients|sessions)$/.test(base))
    return 'count';
  return 'none';
}

/** Names of metrics in an expression from which strings and label lists were taken out. */
function metricNames(bare: string): string[] {
  return [...bare.matchAll(/[a-zA-Z_:][\w:]*(?!\s*\()\b/g)]
    .map(([name]) => name)
    .filter((name) => !words.has(name) && !bare.includes(`${name}(`));
}

const words = new Set(
  'by without on ignoring group_left group_right bool and or unless offset start end inf nan'.split(' '),
);

/** Takes out comments, strings, label lists, ranges and groupings: what is left is names, functions and operators. */
function strip(expr: string): string {
  return expr
    .replace(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`/g, '')
    .replace(/#[^\n]*/g, '')
    .replace(/\{[^{}]*\}/g, '')
    .replace(/\[[^[\]]*\]/g, '[]')
    .replace(/\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^()]*\)/gi, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Splits at an operator that stands outside of all parentheses. */
function splitOutside(text: string, operator: RegExp): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string;
    if (char === '(') depth++;
    else if (char === ')') depth--;
    else if (depth === 0) {
      const found = operator.exec(text.slice(i));
      if (found) {
        parts.push(text.slice(start, i).trim());
        i += found[0].length - 1;
        start = i + 1;
      }
    }
  }
  return [...parts, text.slice(start).trim()];
}

/** The inside of parentheses that enclose the whole text, or null. */
function unwrap(text: string): string | null {
  if (!text.startsWith('(') || !text.endsWith(')')) return null;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '(') depth++;
    else if (text[i] === ')' && --depth === 0 && i < text.length - 1) return null;
  }
  return text.slice(1, -1).trim();
}

const perSecond: Partial<Record<QueryUnit, QueryUnit>> = {
  bytes: 'bytes/s',
  count: '/s',
  seconds: 'cores',
  none: '/s',
};

function guess(text: string): QueryUnit {
  const inside = unwrap(text);
  if (inside !== null) return guess(inside);

  for (const operator of [/^ (?:or|and|unless) /i, /^(?:==|!=|>=|<=|>|<)(?: ?bool)?/, /^(?:\+|-(?!\w*\())/]) {
    const [left = '', ...rest] = splitOutside(text, operator);
    if (rest.length > 0) return guess(left === '' ? (rest[0] as string) : isNumber(left) ? (rest[0] as string) : left);
  }
  const quotient = splitOutside(text, /^\//);
  if (quotient.length > 1) {
    const [above = '', below = ''] = quotient;
    if (isNumber(below)) return 'none';
    const [a, b] = [guess(above), guess(below)];
    if (a === b) return /_seconds_sum/.test(above) && /_count/.test(below) ? 'seconds' : 'ratio';
    if (/_seconds_sum/.test(above)) return 'seconds';
    if (/_bytes_sum/.test(above)) return 'bytes';
    return a === 'cores' && (b === 'none' || b === 'count') ? 'cores' : 'none';
  }
  const product = splitOutside(text, /^\*/);
  if (product.length > 1) {
    if (product.some((factor) => factor === '100')) return 'none';
    return guess(product.find((factor) => !isNumber(factor)) ?? '');
  }

  const call = /^([a-z_]\w*) ?\((.*)\)(?: offset \S+)?$/is.exec(text);
  if (!call) return unitOfName(metricNames(text)[0] ?? '');
  const name = (call[1] as string).toLowerCase();
  const args = splitOutside(call[2] as string, /^,/);
  const last = args.at(-1) ?? '';
  if (name === 'rate' || name === 'irate' || name === 'deriv') {
    const metric = metricNames(last)[0] ?? '';
    if (/_seconds_(sum|total)$/.test(metric)) return 'cores';
    return perSecond[unitOfName(metric)] ?? 'none';
  }
  if (name === 'histogram_quantile') return unitOfName((metricNames(last)[0] ?? '').replace(/_bucket$/, ''));
  if (/^(count|count_over_time|changes|resets|group|count_values)$/.test(name)) return 'count';
  if (/^(time|timestamp|absent|absent_over_time|vector|sgn|day_|hour|minute|month|year)/.test(name)) return 'none';
  if (/^(ln|log2|log10|exp|sqrt|stdvar)/.test(name)) return 'none';
  if (/^(clamp|clamp_max|clamp_min|label_replace|label_join|round|predict_linear|holt_winters)$/.test(name)) {
    return guess(args[0] ?? '');
  }
  return guess(last);
}

const isNumber = (text: string) => /^[-+]?[\d.]+(e[-+]?\d+)?$/i.test(text.trim());

/**
 * What the result of an expression counts, as far as the names in it tell (Prometheus's naming rules put the unit
 * into the name); `none` where they do not.
 */
export function guessUnit(expr: string): QueryUnit {
  const bare = strip(expr);
  return bare === '' || bare.length > 5_000 ? 'none' : guess(bare);
}
