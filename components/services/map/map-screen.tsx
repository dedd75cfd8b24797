'use client';
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'next/navigation';
import {
  lazy,
  Suspense,
  useCallback,
  useDeferredValue,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import { slosQuery } from '#lib/slo/queries.ts';
import { nodeKinds, type ServiceMap } from '#lib/telemetry/map-schemas.ts';
import { mapQuery } from '#lib/telemetry/queries.ts';
import { useRange } from '../../charts/use-range.ts';
import { Button } from '../../ui/button.tsx';
import { useEnvironment } from '../../ui/environment.tsx';
import { formatSpan } from '../../ui/format-time.ts';
import { Link } from '../../ui/link.tsx';
import { Note } from '../../ui/note.tsx';
import { Panel } from '../../ui/panel.tsx';
import type { PanelState } from '../../ui/panel-state.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { answerNotes, answerState } from '../answer-state.ts';
import { type WorstBudget, worstBudgets } from './budget.ts';
import { MapCard } from './map-card.tsx';
import { MapLegend } from './map-legend.tsx';
import { findNodes, type Graph, neighbourhood } from './map-model.ts';
import { MapTable } from './map-table.tsx';
import { MapToolbar } from './map-toolbar.tsx';
import { type MapView, mapViewParams, parseMapView } from './map-view.ts';

const MapCanvas = lazy(() => import('./map-canvas.tsx'));

const nothing: Graph = { nodes: [], edges: [] };
const noBudgets: ReadonlyMap<string, WorstBudget> = new Map();

/** Who calls whom, as a drawing or as a table. */
export function MapScreen() {
  const { current } = useEnvironment();
  const { wanted, renewEvery } = useRange();
  const [view, setView] = useMapView();
  const [text, setText] = useState('');
  const query = useQuery({ ...mapQuery({ env: current.name, ...wanted }), refetchInterval: renewEvery });
  const map = query.data;
  const whole: Graph = map ?? nothing;
  const { focus, depth, selected } = view;
  const graph = useMemo(() => (focus === null ? whole : neighbourhood(whole, focus, depth)), [whole, focus, depth]);
  const asked = useDeferredValue(text);
  const found = useMemo(
    () => (asked.trim() === '' ? null : new Set(findNodes(graph.nodes, asked).map(({ id }) => id))),
    [graph, asked],
  );
  const slos = useQuery({ ...slosQuery(current.name), retry: false });
  const budgets = useMemo(() => (slos.data ? worstBudgets(slos.data.items) : null), [slos.data]);
  const byBudget = view.color === 'budget';
  const phone = useIsPhone();
  const shown = view.view ?? (phone === null ? null : phone ? 'table' : 'map');
  const state = stateOf(query, map, graph, focus, () => setView({ focus: null }));
  const isBlank = state.kind === 'empty' || state.kind === 'sourceDown' || state.kind === 'notPermitted';
  const notes = [
    ...answerNotes(query),
    ...(isBlank ? [] : (map?.notes ?? [])),
    ...(byBudget && slos.isError ? [`Budgets are not known now: ${slos.error.message}`] : []),
  ];
  const kinds = nodeKinds.filter((kind) => graph.nodes.some((node) => node.kind === kind));
  const onFocus = useCallback((id: string | null) => setView({ focus: id }), [setView]);
  const cardBox = useRef<HTMLDivElement>(null);
  const chosen = JSON.stringify(selected);
  // On a phone what is chosen stands above the table, out of sight of whoever chose it below.
  useEffect(() => {
    if (phone && chosen !== 'null') cardBox.current?.scrollIntoView({ block: 'center' });
  }, [phone, chosen]);
  const card =
    selected && map ? (
      <MapCard
        graph={whole}
        selected={selected}
        focus={focus}
        budgets={budgets}
        onSelect={(next) => setView({ selected: next })}
        onFocus={onFocus}
      />
    ) : null;
  return (
    <>
      <MapToolbar
        nodes={whole.nodes}
        view={view}
        shown={shown ?? 'map'}
        text={text}
        onText={setText}
        onChange={setView}
      />
      {notes.map((note) => (
        <Note key={note} tone={map?.edges.length === 0 ? 'info' : 'warn'}>
          {note}
        </Note>
      ))}
      <div className={card ? 'grid items-start gap-3 min-[1000px]:grid-cols-[minmax(0,1fr)_300px]' : 'stack'}>
        {shown === 'table' ? (
          <MapTable
            graph={graph}
            state={state.kind === 'loading' ? { kind: 'ok' } : state}
            loading={query.isPending}
            window={map ? windowText(map) : null}
            selected={selected}
            budgets={budgets}
            onSelect={(next) => setView({ selected: next })}
          />
        ) : (
          <Panel
            className="[&>.body]:h-[max(420px,calc(100dvh-222px))]"
            title="Dependencies"
            meta={map ? summary(map, graph, focus !== null) : undefined}
            actions={
              <Link href="/services" className="link text-sm">
                All services
              </Link>
            }
            state={state}
            flush
          >
            {shown === null ? (
              <Loading />
            ) : (
              <Suspense fallback={<Loading />}>
                <MapCanvas
                  graph={graph}
                  scope={`${current.name}|${focus ?? ''}|${focus === null ? '' : depth}`}
                  focus={focus}
                  selected={selected}
                  found={found}
                  budgets={byBudget ? (budgets ?? noBudgets) : null}
                  onSelect={(next) => setView({ selected: next })}
                  onFocus={onFocus}
                />
              </Suspense>
            )}
          </Panel>
        )}
        {card ? (
          <div ref={cardBox} className="min-w-0 max-[999px]:order-first">
            {card}
          </div>
        ) : null}
      </div>
      {shown === 'map' && !isBlank && kinds.length > 0 ? <MapLegend kinds={kinds} color={view.color} /> : null}
    </>
  );
}

const Loading = () => (
  <div className="grid h-full content-center gap-2 p-6">
    <Skeleton width="40%" />
    <Skeleton height={120} />
  </div>
);

const plural = (count: number, one: string, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

const windowText = ({ windowMs }: ServiceMap) => `figures of the last ${formatSpan(windowMs)}`;

function summary(map: ServiceMap, graph: Graph, isPart: boolean): string {
  const services = graph.nodes.filter(({ kind }) => kind === 'service').length;
  return [
    `${plural(services, 'service')}, ${plural(graph.edges.length, 'call')}${isPart ? ` of ${map.edges.length}` : ''}`,
    windowText(map),
  ].join(' · ');
}

function stateOf(
  query: Parameters<typeof answerState>[0],
  map: ServiceMap | undefined,
  graph: Graph,
  focus: string | null,
  showAll: () => void,
): PanelState {
  if (!map || graph.nodes.length > 0) return answerState(query);
  if (focus !== null && map.nodes.length > 0) {
    return {
      kind: 'empty',
      title: `${focus} is not on the map`,
      hint: 'Nothing calls it in this time, and it calls nothing. A longer time may show more.',
      action: <Button onClick={showAll}>Show all</Button>,
    };
  }
  return {
    kind: 'empty',
    title: 'No calls are known',
    hint: map.notes.join(' ') || 'No service has traffic in this time.',
    action: (
      <Link href="/settings/sources" className="link">
        Data sources
      </Link>
    ),
  };
}

const narrow = '(max-width: 760px)';

/** null until the page is alive: the server does not know the width. */
function useIsPhone(): boolean | null {
  return useSyncExternalStore<boolean | null>(
    (onChange) => {
      const media = window.matchMedia(narrow);
      media.addEventListener('change', onChange);
      return () => media.removeEventListener('change', onChange);
    },
    () => window.matchMedia(narrow).matches,
    () => null,
  );
}

/** The view in the address. Choosing replaces the entry of the history; focus and view can be gone back from. */
function useMapView(): [MapView, (change: Partial<MapView>) => void] {
  const params = useSearchParams();
  const view = useMemo(() => parseMapView(params), [params]);
  const set = useCallback((change: Partial<MapView>) => {
    const url = new URL(window.location.href);
    const next = { ...parseMapView(url.searchParams), ...change };
    for (const [name, value] of Object.entries(mapViewParams(next))) {
      if (value === null) url.searchParams.delete(name);
      else url.searchParams.set(name, value);
    }
    if (url.href === window.location.href) return;
    if ('selected' in change && Object.keys(change).length === 1) window.history.replaceState(null, '', url);
    else window.history.pushState(null, '', url);
  }, []);
  return [view, set];
}
