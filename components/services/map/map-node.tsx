'use client';
import type { Node, NodeProps } from '@xyflow/react';
import { memo } from 'react';
import type { MapNode } from '#lib/telemetry/map-schemas.ts';
import { cx } from '../../ui/cx.ts';
import { Status } from '../../ui/status.tsx';
import { durationText } from '../words.ts';
import { nodeLabel, percentText, perSecond } from './figures.ts';
import { useLit } from './lit.tsx';
import type { Standing } from './map-model.ts';
import { NodeShape } from './node-shape.tsx';

export interface MapNodeData extends Record<string, unknown> {
  node: MapNode;
  callers: number;
  called: number;
  standing: Standing;
  /** Share of the budget that is left, null where it is not known; absent where the map shows how things are now. */
  left?: number | null;
  onSelect: (id: string) => void;
  onFocus: (id: string) => void;
  onPoint: (id: string | null) => void;
  onActive: (id: string) => void;
}

export type FlowNode = Node<MapNodeData, 'map'>;

/** One thing on the map: its kind by shape, how it is by shape, word and colour, and its figures. */
export const MapNodeView = memo(function MapNodeView({ data }: NodeProps<FlowNode>) {
  const { node, callers, called, standing, left, onSelect, onFocus, onPoint, onActive } = data;
  const { id, name, kind } = node;
  const forward = useLit(({ nodes }) => nodes?.has(id) ?? false);
  const selected = useLit((lit) => lit.selected === id);
  const active = useLit((lit) => lit.active === id);
  const busy = node.rate > 0;
  return (
    <button
      type="button"
      className={cx('map-node', kind, standing.status, left !== undefined && 'by-budget', forward && 'forward')}
      data-node={id}
      tabIndex={active ? 0 : -1}
      aria-label={nodeLabel(node, standing.word, callers, called)}
      aria-pressed={selected}
      onClick={() => onSelect(id)}
      onDoubleClick={() => onFocus(id)}
      onPointerEnter={({ buttons }) => buttons === 0 && onPoint(id)}
      onPointerLeave={() => onPoint(null)}
      onFocus={() => onActive(id)}
    >
      <NodeShape kind={kind} />
      <span className="map-text">
        <span className="map-name">
          <Status state={standing.status} word="" />
          <b className="clip">{name}</b>
        </span>
        <span className="map-figures">
          {left !== undefined ? (
            standing.word
          ) : busy ? (
            <>
              {perSecond(node.rate)} ·{' '}
              <b className={standing.status === 'failing' ? 'bad' : ''}>{percentText(node.errorRatio)}</b>
              {node.p95Ms === null ? null : <> · {durationText(node.p95Ms)}</>}
            </>
          ) : kind === 'client' ? (
            'calls only'
          ) : (
            'no traffic'
          )}
        </span>
      </span>
      {typeof left === 'number' ? (
        <span className="map-left" aria-hidden="true">
          <i style={{ width: `${Math.max(0, Math.min(1, left)) * 100}%` }} />
        </span>
      ) : null}
    </button>
  );
});
