'use client';
import { useStore, ViewportPortal } from '@xyflow/react';
import { type RefObject, useEffect } from 'react';
import type { MapEdge } from '#lib/telemetry/map-schemas.ts';
import type { Layout } from './layout.ts';
import { EdgeLabel } from './map-edges.tsx';
import { edgeStanding } from './map-model.ts';
import { edgeKey, type Selected } from './map-view.ts';

/** More figures than this on one drawing are noise. */
const mostLabels = 40;

/** Figures on the edges that fail, a figure on each that touches what is chosen, all of them on the one pointed at. */
export function Labels({
  edges,
  layout,
  selected,
}: {
  edges: readonly MapEdge[];
  layout: Layout;
  selected: Selected | null;
}) {
  const upright = useStore((state) => Math.round(10 / Math.min(1.2, Math.max(0.2, state.transform[2]))) / 10);
  const touches = ({ from, to }: MapEdge) =>
    selected?.kind === 'edge'
      ? selected.from === from && selected.to === to
      : selected !== null && (selected.id === from || selected.id === to);
  const touched = edges.filter(touches);
  const failing = edges.filter((edge) => edgeStanding(edge).status === 'failing');
  const shown = selected ? touched.slice(0, mostLabels) : failing.length <= mostLabels ? failing : [];
  return (
    <ViewportPortal>
      {shown.map((edge) => (
        <EdgeLabel
          key={edgeKey(edge)}
          edge={edge}
          layout={layout}
          detail={selected?.kind === 'edge' ? 'whole' : selected ? 'chosen' : 'failures'}
          scale={upright}
        />
      ))}
    </ViewportPortal>
  );
}

const detailOf = (zoom: number) => (zoom >= 0.55 ? 'near' : zoom >= 0.3 ? 'middle' : 'far');

/** Tells the style sheet how near one is: from afar only names are readable, then only shapes. */
export function Detail({ box }: { box: RefObject<HTMLDivElement | null> }) {
  const detail = useStore((state) => detailOf(state.transform[2]));
  useEffect(() => {
    if (box.current) box.current.dataset.detail = detail;
  }, [box, detail]);
  return null;
}
