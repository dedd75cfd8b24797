'use client';
import { Button } from '../ui/button.tsx';
import { Select } from '../ui/field.tsx';
import { FilterInput } from '../ui/filter-input.tsx';
import { Glyph, type GlyphName } from '../ui/glyph.tsx';
import { type Choices, type Grouping, isFiltered, type ListView, nobody, noFilter } from './list-view.ts';
import { stateWord } from './words.ts';

export interface SloFilterProps {
  view: ListView;
  choices: Choices;
  onChange: (change: Partial<ListView>) => void;
}

const withPresent = <T,>(all: readonly T[], present: T | null): readonly T[] =>
  present === null || all.includes(present) ? all : [...all, present];

/** Narrows the list by words, service, owner and tier, and groups it. */
export function SloFilter({ view, choices, onChange }: SloFilterProps) {
  return (
    <search className="flex flex-wrap gap-2 phone:grid phone:grid-cols-2">
      <FilterInput
        label="Filter by name, service or owner"
        placeholder="Filter…"
        className="max-w-[260px] phone:col-span-2 phone:max-w-none"
        value={view.q}
        onChange={(q) => onChange({ q })}
      />
      <Select
        aria-label="Service"
        className="w-auto max-w-[200px] phone:max-w-none"
        value={view.service ?? ''}
        onChange={(event) => onChange({ service: event.target.value || null })}
      >
        <option value="">Every service</option>
        {withPresent(choices.services, view.service).map((service) => (
          <option key={service}>{service}</option>
        ))}
      </Select>
      <Select
        aria-label="Owner"
        className="w-auto max-w-[200px] phone:max-w-none"
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
        className="w-auto"
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
      <Select
        aria-label="Group"
        className="w-auto"
        value={view.group ?? ''}
        onChange={(event) => onChange({ group: (event.target.value || null) as Grouping | null, sort: null })}
      >
        <option value="">Not grouped</option>
        <option value="service">By service</option>
        <option value="objective">By objective</option>
      </Select>
      {isFiltered(view) ? (
        <Button variant="quiet" className="h-8" onClick={() => onChange(noFilter)}>
          Clear
        </Button>
      ) : null}
    </search>
  );
}

const glyphs = {
  breached: 'failing',
  at_risk: 'slow',
  no_data: 'nodata',
  no_traffic: 'idle',
  ok: 'ok',
} as const satisfies Record<string, GlyphName>;
const tones = { breached: 'bad', at_risk: 'warn', no_data: 'unknown', no_traffic: 'dim', ok: 'good' } as const;

/** How many SLOs are in each state; each is a filter that can be taken away again. */
export function StateCounts({ view, choices, onChange }: SloFilterProps) {
  return (
    <fieldset className="row wrap" aria-label="Only one state">
      {choices.states.map(({ state, count }) => {
        const chosen = view.state === state;
        return (
          <button
            key={state}
            type="button"
            className="state-count"
            aria-pressed={chosen}
            disabled={count === 0 && !chosen}
            onClick={() => onChange({ state: chosen ? null : state })}
          >
            <span className={count === 0 ? 'faint inline-flex' : `inline-flex ${tones[state]}`}>
              <Glyph name={glyphs[state]} size={11} />
            </span>
            <b>{count}</b> {stateWord[state]}
          </button>
        );
      })}
    </fieldset>
  );
}
