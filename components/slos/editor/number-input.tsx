'use client';
import { useState } from 'react';
import { Input } from '../../ui/field.tsx';

export interface NumberInputProps {
  value: number;
  /** From what was typed to the value; null while it is none. */
  read: (text: string) => number | null;
  write: (value: number) => string;
  onChange: (value: number) => void;
  className?: string;
  'aria-label'?: string;
}

/** A number that keeps what was typed while it is no number yet. */
export function NumberInput({ value, read, write, onChange, ...rest }: NumberInputProps) {
  const [typed, setTyped] = useState(write(value));
  const shown = read(typed) === value ? typed : null;
  const [isEditing, setEditing] = useState(false);
  return (
    <Input
      inputMode="decimal"
      autoComplete="off"
      value={isEditing ? typed : (shown ?? write(value))}
      aria-invalid={(isEditing && read(typed) === null) || undefined}
      onFocus={() => {
        setTyped(shown ?? write(value));
        setEditing(true);
      }}
      onBlur={() => setEditing(false)}
      onChange={(event) => {
        setTyped(event.target.value);
        const next = read(event.target.value);
        if (next !== null && next !== value) onChange(next);
      }}
      {...rest}
    />
  );
}
