export type Labels = Readonly<Record<string, string>>;

/** Label names in the order in which people look for them: the metric, what runs, then the alphabet. */
function byImportance(a: string, b: string): number {
  const first = ['__name__', 'job', 'service_name', 'service_instance_id', 'instance'];
  const rank = (name: string) => (first.includes(name) ? first.indexOf(name) : first.length);
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}

export interface LabelSplit {
  /** Labels that tell the series apart. */
  varying: string[];
  /** Labels that every series has with the same value. */
  common: Labels;
}

/** Which labels tell series apart, and which are the same for all. One series alone has only varying labels. */
export function splitLabels(series: readonly Labels[]): LabelSplit {
  const names = [...new Set(series.flatMap((labels) => Object.keys(labels)))].sort(byImportance);
  if (series.length === 1) return { varying: names, common: {} };
  const first = series[0] ?? {};
  const isCommon = (name: string) =>
    first[name] !== undefined && series.every((labels) => labels[name] === first[name]);
  return {
    varying: names.filter((name) => !isCommon(name)),
    common: Object.fromEntries(names.filter(isCommon).map((name) => [name, first[name] as string])),
  };
}

/** Writes a label value as PromQL does. */
export function quoted(value: string): string {
  return `"${value.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}

/** A series as a selector that finds it: `up{instance="a:1", job="x"}`. */
export function selectorOf(labels: Labels): string {
  const { __name__: name = '', ...rest } = labels;
  const matchers = Object.keys(rest)
    .sort(byImportance)
    .map((label) => `${/^[a-zA-Z_]\w*$/.test(label) ? label : quoted(label)}=${quoted(rest[label] as string)}`);
  return matchers.length > 0 || name === '' ? `${name}{${matchers.join(', ')}}` : name;
}

/**
 * The fewest labels, the important ones first, that give each series a name of its own; all that vary where even
 * those do not.
 */
export function tellingLabels(series: readonly Labels[]): string[] {
  const { varying } = splitLabels(series);
  const groups = (names: readonly string[]) =>
    new Set(series.map((labels) => JSON.stringify(names.map((name) => labels[name] ?? null)))).size;
  const chosen: string[] = [];
  let found = 1;
  for (const name of varying) {
    if (found === series.length) break;
    const next = groups([...chosen, name]);
    if (next > found) {
      chosen.push(name);
      found = next;
    }
  }
  // A later label may say what an earlier one said; the service is named in any case.
  const needed = chosen.reduce((kept, name) => {
    const others = kept.filter((one) => one !== name);
    return name === 'job' || name === '__name__' || groups(others) < found ? kept : others;
  }, chosen);
  return needed.length > 0 ? needed : varying;
}

/**
 * A short name for each series: the values of the labels that tell them apart, with the label where the value alone
 * would say little. `whole` names what has no labels.
 */
export function seriesNames(series: readonly Labels[], whole: string): string[] {
  const telling = tellingLabels(series);
  return series.map((labels) => {
    if (Object.keys(labels).length === 0) return whole;
    if (series.length === 1) return selectorOf(labels);
    const present = telling.filter((name) => labels[name] !== undefined);
    if (present.length === 0) return whole;
    if (telling.length === 1) return labels[present[0] as string] || '""';
    return present.map((name) => (name === '__name__' ? labels[name] : `${name}=${labels[name]}`)).join(' ');
  });
}
