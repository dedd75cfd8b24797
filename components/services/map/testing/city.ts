import type { MapEdge, MapNode, ServiceMap } from '#lib/telemetry/map-schemas.ts';
import type { Structure } from '../layout.ts';

/** The same pseudo-random numbers each time (Numerical Recipes, quick generator). */
function numbers(): () => number {
  let state = 42;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const tierNames = ['edge', 'bff', 'core', 'platform', 'store'];
const share = [0.05, 0.2, 0.4, 0.2, 0.15];

/**
 * Names and calls of a large fleet, always the same: five tiers, most calls to the next one, some busy platform services
 * that everybody calls.
 */
export function cityOf(services: number, calls: number): Structure {
  const next = numbers();
  const tiers = share.map((part, tier) =>
    Array.from({ length: Math.max(1, Math.round(services * part)) }, (_, i) => `${tierNames[tier]}-${i}`),
  );
  const nodes = tiers.flat().slice(0, services);
  const known = new Set(nodes);
  const edges = new Map<string, { from: string; to: string }>();
  for (let tries = 0; edges.size < calls && tries < calls * 50; tries++) {
    const tier = Math.floor(next() * 4);
    const target = Math.min(4, tier + (next() < 0.75 ? 1 : 2));
    const from = tiers[tier]?.[Math.floor(next() * (tiers[tier]?.length ?? 1))];
    const to = tiers[target]?.[Math.floor(next() ** 2 * (tiers[target]?.length ?? 1))];
    if (from && to && known.has(from) && known.has(to)) edges.set(`${from} ${to}`, { from, to });
  }
  return { nodes, edges: [...edges.values()] };
}

/** An answer of the API about such a fleet; every twentieth call fails. */
export function cityMap(services: number, calls: number): ServiceMap {
  const { nodes, edges } = cityOf(services, calls);
  const figures = (i: number) => ({
    rate: (i * 37) % 400,
    errorRatio: i % 20 === 7 ? 0.12 : 0.0004,
    p50Ms: 4 + (i % 50),
    p95Ms: 20 + ((i * 13) % 400),
  });
  const at = '2026-11-21T12:00:00.000Z';
  return {
    asOf: at,
    source: { id: 'prometheus', name: 'Prometheus', state: 'ok', failingSince: null, lastSuccessAt: at, error: null },
    stale: null,
    warnings: [],
    environment: 'production',
    from: at,
    to: at,
    windowMs: 300_000,
    nodes: nodes.map(
      (id, i): MapNode => ({
        id,
        name: id,
        kind: id.startsWith('store') ? 'database' : 'service',
        ...figures(i),
        state: id.startsWith('store') ? null : i % 20 === 7 ? 'failing' : 'ok',
        owner: null,
      }),
    ),
    edges: edges.map((edge, i): MapEdge => ({ ...edge, ...figures(i), side: 'server', isAsync: false })),
    notes: [],
  };
}
