'use client';
import { type FormEvent, useState } from 'react';
import { endsNow, formatTimePoint, parseTimePoint, presets, spanWords, type TimePoint } from '#lib/core/time-range.ts';
import { useTimeRange } from '../charts/time-range.tsx';
import { Button } from '../ui/button.tsx';
import { Field, Input } from '../ui/field.tsx';
import { formatClock, type Zone } from '../ui/format-time.ts';

const two = (n: number) => String(n).padStart(2, '0');

/** What the field shows: `now-1h`, or `2026-11-21 14:00:00` in the zone. */
function fieldText(point: TimePoint, zone: Zone): string {
  if (point.kind === 'relative') return formatTimePoint(point);
  const d = new Date(point.atMs);
  const day =
    zone === 'utc' ? d.toISOString().slice(0, 10) : `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`;
  return `${day} ${formatClock(point.atMs, zone, true)}`;
}

/** Reads the field; a date without a zone is meant in the one that is shown. */
function readField(text: string, zone: Zone): TimePoint | undefined {
  const known = parseTimePoint(text);
  if (known?.kind === 'relative') return known;
  const plain = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d)?))?$/.exec(text.trim());
  if (!plain) return known;
  const atMs = Date.parse(`${plain[1]}T${plain[2] ?? '00:00'}${zone === 'utc' ? 'Z' : ''}`);
  return Number.isFinite(atMs) ? { kind: 'absolute', atMs } : undefined;
}

/** Chooses a time range: how far back, or from when to when; its zone; and whether it moves on. */
export default function TimePanel({ close }: { close: () => void }) {
  const { range, zone, live, set, zoomOut } = useTimeRange();
  const [from, setFrom] = useState(() => fieldText(range.from, zone));
  const [to, setTo] = useState(() => fieldText(range.to, zone));
  const [errors, setErrors] = useState<{ from?: string; to?: string }>({});
  const wrong = 'Not a time. Write 2026-11-21 14:00, or now-6h.';

  const choose = (preset: string) => {
    set({ ...range, from: parseTimePoint(preset) as TimePoint, to: { kind: 'relative', agoMs: 0 }, live: true });
    close();
  };
  const apply = (event: FormEvent) => {
    event.preventDefault();
    const start = readField(from, zone);
    const end = readField(to, zone);
    const now = Date.now();
    const at = (point: TimePoint) => (point.kind === 'absolute' ? point.atMs : now - point.agoMs);
    const order = start && end && at(start) >= at(end) ? 'The end must come after the beginning.' : undefined;
    setErrors({ from: start ? undefined : wrong, to: end ? order : wrong });
    if (!start || !end || order) return;
    set({ ...range, from: start, to: end, live: endsNow(end) && range.live });
    close();
  };

  return (
    <div className="time-panel">
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms */}
      <div role="group" aria-label="Up to now">
        {presets.map((preset) => {
          const point = parseTimePoint(preset);
          const chosen = formatTimePoint(range.from) === preset && endsNow(range.to);
          return (
            <button key={preset} type="button" className="preset" aria-pressed={chosen} onClick={() => choose(preset)}>
              Last {point?.kind === 'relative' ? spanWords(point.agoMs) : preset}
            </button>
          );
        })}
      </div>
      <form className="stack" onSubmit={apply} noValidate>
        <Field label="From" error={errors.from}>
          <Input
            value={from}
            onChange={(event) => setFrom(event.target.value)}
            className="mono"
            autoComplete="off"
            spellCheck={false}
          />
        </Field>
        <Field label="To" error={errors.to}>
          <Input
            value={to}
            onChange={(event) => setTo(event.target.value)}
            className="mono"
            autoComplete="off"
            spellCheck={false}
          />
        </Field>
        <div className="row wrap">
          <Button type="submit" variant="primary">
            Apply
          </Button>
          <Button onClick={zoomOut}>Zoom out</Button>
        </div>
        <div className="row wrap">
          <Choice
            label="Time zone"
            value={zone}
            options={[
              ['utc', 'UTC'],
              ['local', 'Local'],
            ]}
            onChange={(next) => set({ ...range, zone: next })}
          />
          {endsNow(range.to) ? (
            <Button onClick={() => set({ ...range, live: !live })} aria-pressed={!live}>
              {live ? 'Pause' : 'Resume'}
            </Button>
          ) : null}
        </div>
      </form>
    </div>
  );
}

interface ChoiceProps<T extends string> {
  label: string;
  value: T;
  options: [T, string][];
  onChange: (value: T) => void;
}

function Choice<T extends string>({ label, value, options, onChange }: ChoiceProps<T>) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
    <div className="choice" role="group" aria-label={label}>
      {options.map(([option, text]) => (
        <button key={option} type="button" aria-pressed={option === value} onClick={() => onChange(option)}>
          {text}
        </button>
      ))}
    </div>
  );
}
