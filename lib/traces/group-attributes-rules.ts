import type { Attributes, JsonValue } from './schemas.ts';

const attributeGroups = [
  { id: 'error', title: 'Error' },
  { id: 'http', title: 'HTTP' },
  { id: 'rpc', title: 'RPC' },
  { id: 'db', title: 'Database' },
  { id: 'messaging', title: 'Messaging' },
  { id: 'feature', title: 'Feature flags' },
  { id: 'network', title: 'Network' },
  { id: 'code', title: 'Code' },
  { id: 'other', title: 'Other' },
  { id: 'service', title: 'Service' },
  { id: 'host', title: 'Where it ran' },
  { id: 'resource', title: 'Resource' },
] as const;
type AttributeGroupId = (typeof attributeGroups)[number]['id'];

export interface AttributeGroup {
  id: AttributeGroupId;
  title: string;
  entries: { scope: 'span' | 'resource'; key: string; value: JsonValue }[];
}

/** First match wins. Names of the semantic conventions, old ones included. */
const spanRules: readonly (readonly [RegExp, AttributeGroupId])[] = [
  [/^(error|exception)(\.|$)|^otel\.status/, 'error'],
  [/^(http|url|user_agent|browser)\./, 'http'],
  [/^(rpc|grpc|graphql|faas)\./, 'rpc'],
  [/^db\./, 'db'],
  [/^(messaging|message)\./, 'messaging'],
  [/^feature_flag\./, 'feature'],
  [/^(net|network|server|client|peer|source|destination|tls|dns)\./, 'network'],
  [/^(code|thread)\./, 'code'],
];
const resourceRules: readonly (readonly [RegExp, AttributeGroupId])[] = [
  [/^(service|deployment)\./, 'service'],
  [/^(host|os|process|container|k8s|cloud|aws|gcp|azure|device)\./, 'host'],
];

const groupOf = (key: string, rules: typeof spanRules, otherwise: AttributeGroupId) =>
  rules.find(([pattern]) => pattern.test(key))?.[1] ?? otherwise;

/** The attributes of a span and its resource in groups, those that explain most first; sorted by name in each. */
export function groupAttributes(attributes: Attributes, resource: Attributes): AttributeGroup[] {
  const entries = new Map<AttributeGroupId, AttributeGroup['entries']>();
  const add = (scope: 'span' | 'resource', all: Attributes) => {
    for (const [key, value] of Object.entries(all)) {
      const id = scope === 'span' ? groupOf(key, spanRules, 'other') : groupOf(key, resourceRules, 'resource');
      const known = entries.get(id) ?? [];
      entries.set(id, known);
      known.push({ scope, key, value });
    }
  };
  add('span', attributes);
  add('resource', resource);
  return attributeGroups.flatMap(({ id, title }) => {
    const own = entries.get(id);
    return own ? [{ id, title, entries: own.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)) }] : [];
  });
}
