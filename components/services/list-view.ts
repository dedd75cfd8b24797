import type { ServiceSummary } from '#lib/telemetry/schemas.ts';
import { type ServiceState, serviceStates } from '#lib/telemetry/state-rules.ts';
import type { Sort } from '../tables/data-table.tsx';

/** How the list of services is looked at; all of it stands in the address. */
export interface ListView {
  /** Part of a name. */
  q: string;
  owner: string | null;
  tier: number | null;
  state: ServiceState | null;
  /** null: what hurts most comes first. */
  sort: Sort | null;
}

interface Params {
  get(name: string): string | null;
}

/** Stands for services without an owner. */
export const nobody = '-';
const columns = ['service', 'rate', 'errors', 'p95', 'replicas', 'owner', 'tier'];

/** Reads the view from an address; what cannot be read is left out. */
export function parseListView(params: Params): ListView {
  const state = params.get('state') as ServiceState | null;
  const tier = Number(params.get('tier') || Number.NaN);
  const sort = params.get('sort') ?? '';
  const column = sort.replace(/^-/, '');
  return {
    q: (params.get('q') ?? '').slice(0, 200),
    owner: params.get('owner') || null,
    tier: Number.isInteger(tier) ? tier : null,
    state: state && serviceStates.includes(state) ? state : null,
    sort: columns.includes(column) ? { column, descending: sort.startsWith('-') } : null,
  };
}

/** The parameters of the address for a view; null takes one away. */
export function listViewParams(view: ListView): Record<'q' | 'owner' | 'tier' | 'state' | 'sort', string | null> {
  return {
    q: view.q || null,
    owner: view.owner,
    tier: view.tier === null ? null : String(view.tier),
    state: view.state,
    sort: view.sort ? `${view.sort.descending ? '-' : ''}${view.sort.column}` : null,
  };
}

/** Whether anything is filtered out. */
export const isFiltered = ({ q, owner, tier, state }: ListView): boolean =>
  q !== '' || owner !== null || tier !== null || state !== null;

/** The services that the view asks for, in the order in which they are given. */
export function filterServices(services: readonly ServiceSummary[], view: ListView): ServiceSummary[] {
  const words = view.q.toLowerCase().split(/\s+/).filter(Boolean);
  return services.filter(
    ({ name, owner, tier, state, description }) =>
      (view.owner === null || (view.owner === nobody ? owner === null : owner === view.owner)) &&
      (view.tier === null || tier === view.tier) &&
      (view.state === null || state === view.state) &&
      words.every((word) => name.toLowerCase().includes(word) || (description ?? '').toLowerCase().includes(word)),
  );
}

export interface Choices {
  owners: string[];
  tiers: number[];
  states: { state: ServiceState; count: number }[];
}

/** What can be filtered by: only what occurs, states with how many have them, the worst first. */
export function choicesOf(services: readonly ServiceSummary[]): Choices {
  const owners = new Set(services.map(({ owner }) => owner ?? nobody));
  const tiers = new Set(services.flatMap(({ tier }) => (tier === null ? [] : [tier])));
  return {
    owners: [...owners].sort((a, b) => Number(a === nobody) - Number(b === nobody) || (a < b ? -1 : 1)),
    tiers: [...tiers].sort((a, b) => a - b),
    states: serviceStates
      .map((state) => ({ state, count: services.filter((one) => one.state === state).length }))
      .filter(({ count }) => count > 0),
  };
}
