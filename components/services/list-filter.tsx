'use client';
import type { ServiceState } from '#lib/telemetry/state-rules.ts';
import { Button } from '../ui/button.tsx';
import { Select } from '../ui/field.tsx';
import { FilterInput } from '../ui/filter-input.tsx';
import { type Choices, isFiltered, type ListView, nobody } from './list-view.ts';
import { stateWord } from './words.ts';

export interface ListFilterProps {
  view: ListView;
  choices: Choices;
  onChange: (change: Partial<ListView>) => void;
}

/** Narrows the list by name, owner, tier and state. */
export function ListFilter({ view, choices, onChange }: ListFilterProps) {
  return (
    <search className="grid grid-cols-[minmax(180px,300px)_auto_auto_auto_auto] justify-start gap-2 phone:grid-cols-2">
      <FilterInput
        label="Filter by name"
        placeholder="Filter by name…"
        className="phone:col-span-2"
        value={view.q}
        onChange={(q) => onChange({ q })}
      />
      <Select
        aria-label="State"
        value={view.state ?? ''}
        onChange={(event) => onChange({ state: (event.target.value || null) as ServiceState | null })}
      >
        <option value="">Every state</option>
        {choices.states.map(({ state, count }) => (
          <option key={state} value={state}>
            {stateWord[state]} ({count})
          </option>
        ))}
        {view.state && !choices.states.some(({ state }) => state === view.state) ? (
          <option value={view.state}>{stateWord[view.state]} (0)</option>
        ) : null}
      </Select>
      <Select
        aria-label="Owner"
        value={view.owner ?? ''}
        onChange={(event) => onChange({ owner: event.target.value || null })}
      >
        <option value="">Every owner</option>
        {withPresent(choices.owners, view.owner).map((owner) => (
          <option key={owner} value={owner}>
            {owner === nobody ? 'no owner' : owner}
          </option>
        ))}
      </Select>
      <Select
        aria-label="Tier"
        value={view.tier ?? ''}
        onChange={(event) => onChange({ tier: Number(event.target.value) || null })}
      >
        <option value="">Every tier</option>
        {withPresent(choices.tiers, view.tier).map((tier) => (
          <option key={tier} value={tier}>
            tier {tier}
          </option>
        ))}
      </Select>
      {isFiltered(view) ? (
        <Button
          variant="quiet"
          className="h-8 phone:col-span-2"
          onClick={() => onChange({ q: '', owner: null, tier: null, state: null })}
        >
          Clear
        </Button>
      ) : null}
    </search>
  );
}

const withPresent = <T,>(all: T[], present: T | null): T[] =>
  present === null || all.includes(present) ? all : [...all, present];
