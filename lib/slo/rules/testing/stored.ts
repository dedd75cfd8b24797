import type { SloDefinition } from '../../schemas.ts';
import type { StoredSlo } from '../../store.ts';
import { aDefinition } from '../../testing/definitions.ts';
import type { RuleOptions } from '../model.ts';

const since = new Date('2026-11-01T00:00:00Z');

/** An SLO as if it came from the store. */
export function aStored(more: Partial<SloDefinition> = {}): StoredSlo {
  const definition = aDefinition(more);
  const { environment, name, service } = definition;
  return {
    id: `${environment}/${name}`,
    environment,
    name,
    service,
    origin: 'ui',
    file: null,
    revision: 1,
    ledgerRevision: 1,
    version: 1,
    archivedAt: null,
    createdAt: since,
    updatedAt: since,
    definition,
    source: '',
  };
}

export const testOptions: RuleOptions = {
  environmentLabel: 'deployment_environment_name',
  publicUrl: 'https://console.example.com',
  scrapeIntervalMs: 15_000,
  source: { environmentLabel: 'deployment_environment_name', defaultEnvironment: 'production' },
};
