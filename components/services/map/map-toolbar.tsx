'use client';
import { type FormEvent, useId } from 'react';
import type { MapNode } from '#lib/telemetry/map-schemas.ts';
import { Button } from '../../ui/button.tsx';
import { Input, Select } from '../../ui/field.tsx';
import { findNodes } from './map-model.ts';
import { type MapView, mostDepth } from './map-view.ts';

export interface MapToolbarProps {
  nodes: readonly MapNode[];
  view: MapView;
  shown: 'map' | 'table';
  text: string;
  onText: (text: string) => void;
  onChange: (change: Partial<MapView>) => void;
}

const depths = Array.from({ length: mostDepth }, (_, i) => i + 1);

/** Finds a service, says how far round the focus is drawn, and changes between map and table. */
export function MapToolbar({ nodes, view, shown, text, onText, onChange }: MapToolbarProps) {
  const list = useId();
  const focused = nodes.find(({ id }) => id === view.focus);
  const jump = (event: FormEvent) => {
    event.preventDefault();
    const found = findNodes(nodes, text)[0];
    if (!found) return;
    onChange({ selected: { kind: 'node', id: found.id } });
    onText('');
  };
  return (
    <div className="row wrap gap-y-2">
      <h1 className="pr-2">Map</h1>
      <form onSubmit={jump} className="w-[260px] phone:w-full">
        <search>
          <Input
            type="search"
            aria-label="Find on the map"
            placeholder="Find a service…"
            autoComplete="off"
            spellCheck={false}
            list={list}
            value={text}
            onChange={(event) => onText(event.target.value)}
          />
          <datalist id={list}>
            {nodes.map(({ id, name }) => (
              <option key={id} value={name} />
            ))}
          </datalist>
        </search>
      </form>
      {view.focus === null ? null : (
        <>
          <span className="clip">
            Round <b>{focused?.name ?? view.focus}</b>
          </span>
          <Select
            className="!w-auto"
            aria-label="How far round the focus"
            value={view.depth ?? 'all'}
            onChange={({ target: { value } }) => onChange({ depth: value === 'all' ? null : Number(value) })}
          >
            {depths.map((depth) => (
              <option key={depth} value={depth}>
                {depth === 1 ? '1 call away' : `${depth} calls away`}
              </option>
            ))}
            <option value="all">however far</option>
          </Select>
          <Button variant="quiet" onClick={() => onChange({ focus: null, depth: 1 })}>
            Show all
          </Button>
        </>
      )}
      <span className="grow" />
      <Select
        className="!w-auto"
        aria-label="Coloured by"
        value={view.color}
        onChange={({ target: { value } }) => onChange({ color: value === 'budget' ? 'budget' : 'state' })}
      >
        <option value="state">by state now</option>
        <option value="budget">by budget left</option>
      </Select>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms */}
      <div role="group" aria-label="Shown as" className="row gap-1">
        {(['map', 'table'] as const).map((kind) => (
          <Button
            key={kind}
            aria-pressed={shown === kind}
            className={shown === kind ? '!border-brass !shadow-[inset_0_-2px_0_var(--brass)]' : ''}
            onClick={() => onChange({ view: kind })}
          >
            {kind === 'map' ? 'Map' : 'Table'}
          </Button>
        ))}
      </div>
    </div>
  );
}
