'use client';
import { type FitViewOptions, useReactFlow } from '@xyflow/react';
import { Button } from '../../ui/button.tsx';

/** Nearer, farther, all of it, laid out anew. */
export function ZoomButtons({ fit, onTidy }: { fit: FitViewOptions; onTidy: () => void }) {
  const flow = useReactFlow();
  return (
    <div className="map-zoom" role="toolbar" aria-label="Zoom">
      <Button
        size="sm"
        icon
        aria-label="Zoom in"
        title="Zoom in (+)"
        onClick={() => void flow.zoomIn({ duration: 120 })}
      >
        +
      </Button>
      <Button
        size="sm"
        icon
        aria-label="Zoom out"
        title="Zoom out (−)"
        onClick={() => void flow.zoomOut({ duration: 120 })}
      >
        −
      </Button>
      <Button size="sm" title="Fit everything in (0)" onClick={() => void flow.fitView({ ...fit, duration: 150 })}>
        Fit
      </Button>
      <Button size="sm" title="Lay everything out anew" onClick={onTidy}>
        Tidy
      </Button>
    </div>
  );
}
