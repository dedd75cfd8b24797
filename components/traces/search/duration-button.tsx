'use client';
import { type FormEvent, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Field, Input } from '#components/ui/field.tsx';
import { Popover } from '#components/ui/popover.tsx';
import { durationWords, formatDuration, parseDuration } from './duration.ts';

interface Ends {
  minMs: number | null;
  maxMs: number | null;
}

export interface DurationButtonProps extends Ends {
  onChange: (ends: Ends) => void;
}

const offered = [100, 500, 1_000, 5_000];

/** The least and greatest duration of the span. */
export function DurationButton({ minMs, maxMs, onChange }: DurationButtonProps) {
  const words = durationWords(minMs, maxMs);
  return (
    <Popover
      label="Duration of the span"
      align="end"
      trigger={<Button aria-label={`Duration: ${words}`}>{words.replace(/^any/, 'Any')}</Button>}
    >
      {(close) => (
        <DurationForm
          minMs={minMs}
          maxMs={maxMs}
          onChange={(ends) => {
            onChange(ends);
            close();
          }}
        />
      )}
    </Popover>
  );
}

function read(text: string): { ms: number | null; error?: string } {
  if (text.trim() === '') return { ms: null };
  const ms = parseDuration(text);
  return typeof ms === 'string' ? { ms: null, error: ms } : { ms };
}

function DurationForm({ minMs, maxMs, onChange }: DurationButtonProps) {
  const [least, setLeast] = useState(minMs === null ? '' : formatDuration(minMs));
  const [most, setMost] = useState(maxMs === null ? '' : formatDuration(maxMs));
  const [isTried, setIsTried] = useState(false);
  const [low, high] = [read(least), read(most)];
  const isCrossed = low.ms !== null && high.ms !== null && low.ms > high.ms;
  const lowError = low.error;
  const highError = high.error ?? (isCrossed ? 'must not be less than the least' : undefined);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setIsTried(true);
    if (!lowError && !highError) onChange({ minMs: low.ms, maxMs: high.ms });
  };
  return (
    <form className="grid w-[280px] max-w-full gap-2" onSubmit={submit} noValidate>
      <div className="row wrap">
        {offered.map((ms) => (
          <Button key={ms} size="sm" onClick={() => onChange({ minMs: ms, maxMs: null })}>
            {durationWords(ms, null)}
          </Button>
        ))}
      </div>
      <div className="grid grid-cols-2 gap-2">
        <Field label="At least" error={isTried ? lowError : undefined}>
          <Input value={least} placeholder="250ms" onChange={(event) => setLeast(event.target.value)} autoFocus />
        </Field>
        <Field label="At most" error={isTried ? highError : undefined}>
          <Input value={most} placeholder="1.2s" onChange={(event) => setMost(event.target.value)} />
        </Field>
      </div>
      <div className="row">
        <Button type="submit" variant="primary">
          Apply
        </Button>
        <Button variant="quiet" onClick={() => onChange({ minMs: null, maxMs: null })}>
          Any duration
        </Button>
      </div>
    </form>
  );
}
