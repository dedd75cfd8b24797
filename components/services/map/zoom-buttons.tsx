import { Button } from '../../ui/button.tsx';
import type { View } from './use-view.ts';

export const zoomStep = 1.25;

/** Nearer, farther, all of it, laid out anew. */
export function ZoomButtons({ view, onTidy }: { view: View; onTidy: () => void }) {
  return (
    <div className="map-zoom" role="toolbar" aria-label="Zoom">
      <Button size="sm" icon aria-label="Zoom in" title="Zoom in (+)" onClick={() => view.zoomBy(zoomStep)}>
        +
      </Button>
      <Button size="sm" icon aria-label="Zoom out" title="Zoom out (−)" onClick={() => view.zoomBy(1 / zoomStep)}>
        −
      </Button>
      <Button size="sm" title="Fit everything in (0)" onClick={view.fitAll}>
        Fit
      </Button>
      <Button size="sm" title="Lay everything out anew" onClick={onTidy}>
        Tidy
      </Button>
    </div>
  );
}
