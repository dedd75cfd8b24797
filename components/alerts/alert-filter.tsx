'use client';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { type AlertSeverity, type AlertState, alertStates } from '#lib/alerts/schemas.ts';
import { servicesQuery } from '#lib/telemetry/queries.ts';
import { Button } from '../ui/button.tsx';
import { useEnvironment } from '../ui/environment.tsx';
import { Input, Select } from '../ui/field.tsx';
import { Glyph, type GlyphName } from '../ui/glyph.tsx';
import { type AlertsView, isFiltered, noFilters } from './alerts-url.ts';
import { stateMeanings, stateWords } from './words.ts';

export interface AlertFilterProps {
  view: AlertsView;
  /** How many are in which state, whatever states are shown. */
  counts: Readonly<Record<string, number>> | undefined;
  onChange: (change: Partial<AlertsView>) => void;
}

const glyphs: Record<AlertState, GlyphName> = {
  firing: 'failing',
  acknowledged: 'ok',
  silenced: 'block',
  inhibited: 'wait',
  resolved: 'ok',
};
const tones: Partial<Record<AlertState, string>> = { firing: 'bad', acknowledged: 'good' };

/** Narrows the list by state, severity, service and text. */
export function AlertFilter({ view, counts, onChange }: AlertFilterProps) {
  const { current } = useEnvironment();
  const services = useQuery(servicesQuery(current.name)).data?.items ?? [];
  const names = [...new Set([...services.map(({ name }) => name), ...(view.service ? [view.service] : [])])].sort();
  const toggle = (state: AlertState) =>
    onChange({
      states: view.states.includes(state) ? view.states.filter((one) => one !== state) : [...view.states, state],
    });
  return (
    <search className="alert-filter">
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms */}
      <div className="alert-chips wide" role="group" aria-label="State">
        {alertStates.map((state) => {
          const count = counts?.[state] ?? 0;
          return (
            <button
              key={state}
              type="button"
              className="alert-chip"
              aria-pressed={view.states.includes(state)}
              title={stateMeanings[state]}
              onClick={() => toggle(state)}
            >
              <span className={count > 0 ? tones[state] : undefined}>
                <Glyph name={glyphs[state]} size={11} />
              </span>
              {stateWords[state]}
              <b>{counts ? count.toLocaleString('en') : '·'}</b>
            </button>
          );
        })}
      </div>
      <TextFilter q={view.q} onChange={(q) => onChange({ q })} />
      <Select
        aria-label="Severity"
        value={view.severity ?? ''}
        onChange={(event) => onChange({ severity: (event.target.value || null) as AlertSeverity | null })}
      >
        <option value="">Every severity</option>
        <option value="page">pages</option>
        <option value="ticket">tickets</option>
        <option value="other">others</option>
      </Select>
      <Select
        aria-label="Service"
        value={view.service ?? ''}
        onChange={(event) => onChange({ service: event.target.value || null })}
      >
        <option value="">Every service</option>
        {names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </Select>
      {isFiltered(view) ? (
        <Button variant="quiet" className="h-8" onClick={() => onChange(noFilters)}>
          Clear
        </Button>
      ) : null}
    </search>
  );
}

/** Types without waiting for the address, and follows it when it changes by other means. */
function TextFilter({ q, onChange }: { q: string; onChange: (q: string) => void }) {
  const [text, setText] = useState(q);
  const written = useRef(q);
  useEffect(() => {
    if (q === written.current) return;
    written.current = q;
    setText(q);
  }, [q]);
  return (
    <Input
      type="search"
      aria-label="Filter by name, label or summary"
      placeholder="Name, label or summary…"
      className="wide"
      autoComplete="off"
      spellCheck={false}
      maxLength={200}
      value={text}
      onChange={(event) => {
        const value = event.target.value;
        setText(value);
        written.current = value;
        onChange(value);
      }}
    />
  );
}
