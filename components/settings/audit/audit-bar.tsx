'use client';
import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Field, Input, Select } from '#components/ui/field.tsx';
import { parseTimePoint } from '#lib/core/time-range.ts';
import { type AuditFilter, isFiltered, noFilter } from './audit-filter.ts';

export interface Choice {
  id: string;
  label: string;
}

export interface AuditBarProps {
  filter: AuditFilter;
  onChange: (filter: AuditFilter) => void;
  verbs: readonly Choice[];
  people: readonly Choice[];
}

const times = [
  { id: '', label: 'any time' },
  { id: 'now-1h', label: 'the last hour' },
  { id: 'now-1d', label: 'the last day' },
  { id: 'now-7d', label: 'the last 7 days' },
  { id: 'now-30d', label: 'the last 30 days' },
] as const;

/** A choice that the address names but the list does not know stays choosable. */
function withPresent(choices: readonly Choice[], id: string | null): readonly Choice[] {
  return id === null || choices.some((one) => one.id === id) ? choices : [{ id, label: id }, ...choices];
}

/** What of the audit is shown. */
export function AuditBar({ filter, onChange, verbs, people }: AuditBarProps) {
  const preset = times.find(({ id }) => id === (filter.since ?? '') && filter.until === null);
  const [isBetween, setBetween] = useState(preset === undefined);
  const pick = (id: string) => {
    setBetween(id === 'between');
    if (id !== 'between') onChange({ ...filter, since: id || null, until: null });
  };
  return (
    <div className="grid grid-cols-2 items-start gap-2 px-3 pb-3 min-[761px]:flex min-[761px]:flex-wrap">
      <Field label="Outcome" className="min-[761px]:w-[130px]">
        <Select
          value={filter.outcome ?? ''}
          onChange={(event) => onChange({ ...filter, outcome: (event.target.value || null) as AuditFilter['outcome'] })}
        >
          <option value="">all</option>
          <option value="done">done</option>
          <option value="refused">refused</option>
        </Select>
      </Field>
      <Field label="Verb" className="min-[761px]:w-[220px]">
        <Select
          value={filter.verb ?? ''}
          onChange={(event) => onChange({ ...filter, verb: event.target.value || null })}
        >
          <option value="">all</option>
          {withPresent(verbs, filter.verb).map(({ id, label }) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
        </Select>
      </Field>
      <Field label="Who" className="min-[761px]:w-[180px]">
        <Select
          value={filter.actorId ?? ''}
          onChange={(event) => onChange({ ...filter, actorId: event.target.value || null })}
        >
          <option value="">everybody</option>
          {withPresent(people, filter.actorId).map(({ id, label }) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
        </Select>
      </Field>
      <Field label="When" className="min-[761px]:w-[160px]">
        <Select value={isBetween ? 'between' : (preset?.id ?? '')} onChange={(event) => pick(event.target.value)}>
          {times.map(({ id, label }) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
          <option value="between">between…</option>
        </Select>
      </Field>
      {isBetween ? (
        <>
          <Moment label="From" value={filter.since} onChange={(since) => onChange({ ...filter, since })} />
          <Moment label="To" value={filter.until} onChange={(until) => onChange({ ...filter, until })} />
        </>
      ) : null}
      {isFiltered(filter) ? (
        <Button
          className="mt-[21px] h-8"
          onClick={() => {
            setBetween(false);
            onChange(noFilter);
          }}
        >
          Show all
        </Button>
      ) : null}
    </div>
  );
}

interface MomentProps {
  label: string;
  value: string | null;
  onChange: (value: string | null) => void;
}

/** One end of a time range, written as in the address; it counts when the field is left or Enter is pressed. */
function Moment({ label, value, onChange }: MomentProps) {
  const [text, setText] = useState(value ?? '');
  const trimmed = text.trim();
  const isWrong = trimmed !== '' && !parseTimePoint(trimmed);
  const take = () => {
    if (!isWrong && (trimmed || null) !== value) onChange(trimmed || null);
  };
  return (
    <Field
      label={label}
      className="min-[761px]:w-[160px]"
      error={isWrong ? 'Write 2026-11-21T14:00, in UTC, or now-6h.' : undefined}
    >
      <Input
        className="mono"
        placeholder={label === 'From' ? '2026-11-21T14:00' : 'now'}
        value={text}
        maxLength={40}
        onChange={(event) => setText(event.target.value)}
        onBlur={take}
        onKeyDown={(event) => event.key === 'Enter' && take()}
      />
    </Field>
  );
}
