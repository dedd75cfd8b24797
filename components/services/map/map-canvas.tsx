'use client';
import '@xyflow/react/dist/base.css';
import './map.css';
import { ReactFlowProvider } from '@xyflow/react';
import { useMemo, useRef } from 'react';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Drawing, type MapCanvasProps } from './drawing.tsx';
import { useLayout } from './use-layout.ts';

/** The map as a drawing, once it is known what stands where. */
export default function MapCanvas(props: MapCanvasProps) {
  const { graph, scope } = props;
  const structure = useMemo(() => ({ nodes: graph.nodes.map(({ id }) => id), edges: graph.edges }), [graph]);
  const { layout, generation, failed, tidy } = useLayout(structure, scope);
  const byKeyboard = useRef(false);
  if (failed) return <p className="p-3">No layout was found for these calls; the table has them all.</p>;
  if (!layout) {
    return (
      <div className="grid h-full content-center gap-2 p-6" aria-busy="true">
        <Skeleton width="40%" />
        <Skeleton height={120} />
      </div>
    );
  }
  return (
    <ReactFlowProvider>
      <Drawing {...props} layout={layout} generation={generation} onTidy={tidy} byKeyboard={byKeyboard} />
    </ReactFlowProvider>
  );
}
