'use client';
import { useReactFlow, useStore } from '@xyflow/react';
import { type RefObject, useCallback, useEffect, useMemo, useRef } from 'react';
import { type Layout, nodeHeight, nodeWidth } from './layout.ts';
import type { Direction } from './walk.ts';

const fit = { padding: 0.06, maxZoom: 1.15, minZoom: 0.1 };
const panStep = 80;
const quickMs = 120;

export interface View {
  /** Brings a node into sight, not smaller than `leastZoom`; moves nothing where it is in sight already. */
  show: (id: string, leastZoom?: number) => void;
  pan: (direction: Direction) => void;
  zoomBy: (factor: number) => void;
  fitAll: () => void;
  /** For React Flow: told of each step of a movement, with the event where a person moves. */
  onMove: (event: unknown) => void;
  onMoveEnd: () => void;
}

/**
 * What of the drawing is in sight. Until somebody moves it, all of it is, also when something opens beside it;
 * `subject` says what is looked at: another one is fitted anew.
 */
export function useView(box: RefObject<HTMLElement | null>, layout: Layout, subject: string): View {
  const flow = useReactFlow();
  const moved = useRef(false);
  const width = useStore((state) => state.width);
  const before = useRef(subject);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another width is to be fitted to
  useEffect(() => {
    if (before.current !== subject) moved.current = false;
    before.current = subject;
    if (!moved.current) void flow.fitView(fit);
  }, [subject, width, flow]);

  const show = useCallback(
    (id: string, leastZoom = 0) => {
      const at = layout.positions.get(id);
      const area = box.current?.getBoundingClientRect();
      if (!at || !area) return;
      const { x, y, zoom } = flow.getViewport();
      const [left, top] = [at.x * zoom + x, at.y * zoom + y];
      const isInSight =
        left >= 0 && top >= 0 && left + nodeWidth * zoom <= area.width && top + nodeHeight * zoom <= area.height;
      if (isInSight && zoom >= leastZoom) return;
      moved.current = true;
      const center = { x: at.x + nodeWidth / 2, y: at.y + nodeHeight / 2 };
      void flow.setCenter(center.x, center.y, { zoom: Math.max(zoom, leastZoom), duration: quickMs });
    },
    [box, layout, flow],
  );

  const rest = useMemo(
    () => ({
      pan: (direction: Direction) => {
        moved.current = true;
        const { x, y, zoom } = flow.getViewport();
        const dx = direction === 'left' ? panStep : direction === 'right' ? -panStep : 0;
        const dy = direction === 'up' ? panStep : direction === 'down' ? -panStep : 0;
        void flow.setViewport({ x: x + dx, y: y + dy, zoom }, { duration: quickMs });
      },
      zoomBy: (factor: number) => {
        moved.current = true;
        void flow.zoomTo(flow.getZoom() * factor, { duration: quickMs });
      },
      fitAll: () => {
        moved.current = false;
        void flow.fitView({ ...fit, duration: quickMs });
      },
      onMove: (event: unknown) => {
        if (!event) return;
        moved.current = true;
        box.current?.classList.add('moving');
      },
      onMoveEnd: () => box.current?.classList.remove('moving'),
    }),
    [box, flow],
  );
  return useMemo(() => ({ show, ...rest }), [show, rest]);
}
