import type { AttributeKey, AttributeScope } from '../port.ts';
import { namesOf } from '../semconv.ts';
import { textOf, type WholeTrace } from '../whole/whole.ts';

const mostValues = 100;

/** Keys that occur in some traces, those of spans first; each by name. */
export function keysOf(traces: readonly WholeTrace[]): AttributeKey[] {
  const keys = { span: new Set<string>(), resource: new Set<string>() };
  for (const { spans } of traces) {
    for (const span of spans) {
      const { attributes, resource } = span.open();
      for (const key of Object.keys(attributes)) keys.span.add(key);
      for (const key of Object.keys(resource)) keys.resource.add(key);
    }
  }
  return (['span', 'resource'] as const).flatMap((scope) =>
    [...keys[scope]].sort().map((key) => ({ scope, key, indexed: true })),
  );
}

/** Values of one key in some traces, the most frequent first. */
export function valuesOf(
  traces: readonly WholeTrace[],
  { service, scope, key, prefix = '' }: { service?: string; scope: AttributeScope; key: string; prefix?: string },
): string[] {
  const counts = new Map<string, number>();
  const start = prefix.toLowerCase();
  for (const span of traces.flatMap(({ spans }) => spans)) {
    if (service !== undefined && span.light.service !== service) continue;
    const detail = span.open();
    const side = scope === 'span' ? detail.attributes : detail.resource;
    const name = namesOf(key).find((one) => Object.hasOwn(side, one));
    if (name === undefined) continue;
    const value = textOf(side[name] ?? null);
    if (value.toLowerCase().startsWith(start)) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, mostValues)
    .map(([value]) => value);
}
