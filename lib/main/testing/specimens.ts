import * as z from 'zod';
import { newId } from '#lib/core/ids.ts';
import type { RouteDefinition } from '#lib/http/index.ts';

/** Texts that have broken other consoles. Half a surrogate pair and U+0000 come beside them. */
export const hostileTexts = [
  "'; drop table person; --",
  '" or ""="',
  "1' union select password_hash from person --",
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '\u0024{7*7}{{7*7}}#{7*7}',
  '../../../../etc/passwd',
  '%s%n%x',
  '{"$gt":""}',
  '\u202Eoverride\u0007\u001b[31m',
  'x'.repeat(20_000),
  '🛥'.repeat(500),
  '',
  ' ',
  '-1',
  '1e999',
  'NaN',
  'null',
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59+23:59',
  '__proto__',
];

export interface Asked {
  path: string;
  query: Record<string, string>;
  body: unknown;
}

const sampleParams: Record<string, () => string> = {
  id: newId,
  service: () => 'payment',
  fingerprint: () => '4bf92f3577b34da6',
  traceId: () => '4bf92f3577b34da6a3ce929d0e0e4736',
};

/** A request to a route that is right in form: parameters filled in, required queries given, its example as the body. */
export function specimen(route: RouteDefinition): Asked {
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => (sampleParams[name] ?? (() => name))());
  const query: Record<string, string> = queryNames(route).includes('query') ? { query: 'up' } : {};
  return { path, query, body: route.example };
}

export function addressOf({ path, query }: Asked): string {
  const search = new URLSearchParams(query).toString();
  return `http://localhost:3000/api/v1${path}${search && `?${search}`}`;
}

const namesOf = (schema: unknown) => Object.keys((schema as z.ZodObject | undefined)?.shape ?? {});
export const queryNames = (route: RouteDefinition) => namesOf(route.query);
export const paramNames = (route: RouteDefinition) => namesOf(route.params);

/** The same request with a parameter, a query or a text of the body replaced, for each that there is. */
export function withText(route: RouteDefinition, text: string): { at: string; asked: Asked }[] {
  const right = specimen(route);
  return [
    ...paramNames(route).map((name) => ({
      at: `param ${name}`,
      asked: { ...right, path: route.path.replace(`{${name}}`, encodeURIComponent(text.toWellFormed())) },
    })),
    ...[...queryNames(route), 'unheard_of'].map((name) => ({
      at: `query ${name}`,
      asked: { ...right, query: { ...right.query, [name]: text.toWellFormed() } },
    })),
    ...textsIn(right.body).map((place) => ({
      at: `body ${place.join('.')}`,
      asked: { ...right, body: replaced(right.body, place, text) },
    })),
  ];
}

type Place = (string | number)[];

/** Where the texts of a value are. */
function textsIn(value: unknown, place: Place = []): Place[] {
  if (typeof value === 'string') return [place];
  if (!value || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) => textsIn(inner, [...place, Array.isArray(value) ? +key : key]));
}

export function replaced(value: unknown, [key, ...rest]: Place, by: unknown): unknown {
  if (key === undefined) return by;
  const copy = structuredClone(value) as Record<string | number, unknown>;
  copy[key] = replaced(copy[key], rest, by);
  return copy;
}

/** The fields of a route's body, each with a value of a type that it cannot have. */
export function wrongTypes(route: RouteDefinition): { field: string; value: unknown }[] {
  if (!route.body) return [];
  const { properties = {} } = z.toJSONSchema(route.body, { io: 'input', unrepresentable: 'any' });
  return Object.entries(properties).flatMap(([field, schema]) => {
    const json = JSON.stringify(schema);
    const candidates = [
      { value: { not: 'this' }, fits: /"object"/ },
      { value: 12.5, fits: /"number"/ },
      { value: [[]], fits: /"array"/ },
      { value: true, fits: /"boolean"/ },
    ];
    return candidates.filter(({ fits }) => !fits.test(json)).map(({ value }) => ({ field, value }));
  });
}
