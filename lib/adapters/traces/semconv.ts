/** Names of one thing in the semantic conventions of OpenTelemetry, today's first. */
const families: readonly (readonly string[])[] = [
  ['http.response.status_code', 'http.status_code'],
  ['http.request.method', 'http.method'],
  ['url.full', 'http.url'],
  ['url.path', 'http.target'],
  ['url.scheme', 'http.scheme'],
  ['server.address', 'net.peer.name'],
  ['server.port', 'net.peer.port'],
  ['user_agent.original', 'http.user_agent'],
  ['db.system.name', 'db.system'],
  ['db.namespace', 'db.name'],
  ['db.query.text', 'db.statement'],
  ['db.operation.name', 'db.operation'],
  ['db.collection.name', 'db.sql.table'],
  ['deployment.environment.name', 'deployment.environment'],
];

const byName = new Map(families.flatMap((family) => family.map((name) => [name, family] as const)));

/** Every name under which an attribute may be kept, the one asked for first. */
export function namesOf(key: string): string[] {
  return [key, ...(byName.get(key) ?? []).filter((name) => name !== key)];
}

export const environmentKeys = ['deployment.environment.name', 'deployment.environment'] as const;
