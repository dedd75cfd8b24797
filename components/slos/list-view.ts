import { type SloState, type SloSummary, sloStates } from '#lib/slo/schemas.ts';
import type { Sort } from '../tables/data-table.tsx';
import { categoryWord, stateWord } from './words.ts';

export type Grouping = 'service' | 'objective';

/** How the list of SLOs is looked at; all of it stands in the address. */
export interface ListView {
  /** Words in name, service, owner. */
  q: string;
  service: string | null;
  owner: string | null;
  tier: number | null;
  state: SloState | null;
  group: Grouping | null;
  /** null: what is exhausted first comes first. */
  sort: Sort | null;
}

interface Params {
  get(name: string): string | null;
}

/** Stands for SLOs without an owner. */
export const nobody = '-';
const columns = ['slo', 'service', 'sli', 'budget', 'burn', 'exhausted', 'owner', 'tier'];

/** Reads the view from an address; what cannot be read is left out. */
export function parseListView(params: Params): ListView {
  const state = params.get('state') as SloState | null;
  const group = params.get('group');
  const tier = Number(params.get('tier') || Number.NaN);
  const sort = params.get('sort') ?? '';
  const column = sort.replace(/^-/, '');
  return {
    q: (params.get('q') ?? '').slice(0, 200),
    service: params.get('service') || null,
    owner: params.get('owner') || null,
    tier: Number.isInteger(tier) ? tier : null,
    state: state && sloStates.includes(state) ? state : null,
    group: group === 'service' || group === 'objective' ? group : null,
    sort: columns.includes(column) ? { column, descending: sort.startsWith('-') } : null,
  };
}

type Name = 'q' | 'service' | 'owner' | 'tier' | 'state' | 'group' | 'sort';

/** The parameters of the address for a view; null takes one away. */
export function listViewParams(view: ListView): Record<Name, string | null> {
  return {
    q: view.q || null,
    service: view.service,
    owner: view.owner,
    tier: view.tier === null ? null : String(view.tier),
    state: view.state,
    group: view.group,
    sort: view.sort ? `${view.sort.descending ? '-' : ''}${view.sort.column}` : null,
  };
}

/** What takes every filter away. */
export const noFilter = { q: '', service: null, owner: null, tier: null, state: null } as const;

/** Whether anything is filtered out. */
export const isFiltered = (view: ListView): boolean =>
  view.q !== '' || view.service !== null || view.owner !== null || view.tier !== null || view.state !== null;

/** The SLOs that the view asks for, in the order in which they are given. */
export function filterSlos(slos: readonly SloSummary[], view: ListView): SloSummary[] {
  const words = view.q.toLowerCase().split(/\s+/).filter(Boolean);
  return slos.filter(
    (slo) =>
      (view.service === null || slo.service === view.service) &&
      (view.owner === null || (view.owner === nobody ? slo.owner === null : slo.owner === view.owner)) &&
      (view.tier === null || slo.tier === view.tier) &&
      (view.state === null || slo.state === view.state) &&
      words.every((word) =>
        `${slo.name}\n${slo.displayName}\n${slo.service}\n${slo.owner ?? ''}\n${slo.category}`
          .toLowerCase()
          .includes(word),
      ),
  );
}

export interface Choices {
  services: string[];
  owners: string[];
  tiers: number[];
  states: { state: SloState; count: number }[];
}

/** What can be chosen in the filters; states are counted over what all other filters leave. */
export function choicesOf(slos: readonly SloSummary[], view: ListView): Choices {
  const owners = new Set(slos.flatMap(({ owner }) => (owner === null ? [] : [owner])));
  const tiers = new Set(slos.flatMap(({ tier }) => (tier === null ? [] : [tier])));
  const counted = filterSlos(slos, { ...view, state: null });
  return {
    services: [...new Set(slos.map(({ service }) => service))].sort((a, b) => a.localeCompare(b)),
    owners: [
      ...[...owners].sort((a, b) => a.localeCompare(b)),
      ...(slos.some(({ owner }) => owner === null) ? [nobody] : []),
    ],
    tiers: [...tiers].sort((a, b) => a - b),
    states: sloStates.map((state) => ({ state, count: counted.filter((slo) => slo.state === state).length })),
  };
}

export interface GroupRow {
  kind: 'group';
  id: string;
  label: string;
  /** Where the group is shown by itself, where it is. */
  href: string | null;
  count: number;
  /** How many are in which state, the worst first; none that is empty. */
  states: { state: SloState; count: number }[];
  isOpen: boolean;
}
export type ListRow = { kind: 'slo'; slo: SloSummary } | GroupRow;

const countStates = (slos: readonly SloSummary[]) =>
  sloStates
    .map((state) => ({ state, count: slos.filter((slo) => slo.state === state).length }))
    .filter(({ count }) => count > 0);

/**
 * The rows of the table: SLOs as they come, or a heading row for each group with its SLOs below. The group whose first
 * SLO comes first is first: the worst, where the list is sorted so. Closed groups keep only their heading.
 */
export function rowsOf(
  slos: readonly SloSummary[],
  group: Grouping | null,
  closed: ReadonlySet<string> = new Set(),
): ListRow[] {
  const row = (slo: SloSummary): ListRow => ({ kind: 'slo', slo });
  if (group === null) return slos.map(row);
  const groups = new Map<string, SloSummary[]>();
  for (const slo of slos) {
    const key = group === 'service' ? slo.service : slo.category;
    const found = groups.get(key);
    if (found) found.push(slo);
    else groups.set(key, [slo]);
  }
  return [...groups].flatMap(([key, members]) => {
    const id = `${group} ${key}`;
    const heading: GroupRow = {
      kind: 'group',
      id,
      label: group === 'service' ? key : categoryWord[key as SloSummary['category']],
      href: group === 'service' ? `/services/${encodeURIComponent(key)}` : null,
      count: members.length,
      states: countStates(members),
      isOpen: !closed.has(id),
    };
    return [heading, ...(heading.isOpen ? members.map(row) : [])];
  });
}

/** `1 breached, 2 at risk`: what is not well in a group; nothing where all is. */
export const groupTrouble = ({ states }: GroupRow): string =>
  states
    .filter(({ state }) => state !== 'ok')
    .map(({ state, count }) => `${count} ${stateWord[state]}`)
    .join(', ');
