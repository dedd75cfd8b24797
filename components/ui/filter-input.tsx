'use client';
import { useEffect, useRef, useState } from 'react';
import { Input } from './field.tsx';

export interface FilterInputProps {
  label: string;
  placeholder: string;
  /** The text in the address. */
  value: string;
  onChange: (text: string) => void;
  className?: string;
}

/** A text to filter by: types without waiting for the address, and follows it when it changes by other means. */
export function FilterInput({ label, placeholder, value, onChange, className }: FilterInputProps) {
  const [text, setText] = useState(value);
  const written = useRef(value);
  useEffect(() => {
    if (value === written.current) return;
    written.current = value;
    setText(value);
  }, [value]);
  return (
    <Input
      type="search"
      aria-label={label}
      placeholder={placeholder}
      className={className}
      autoComplete="off"
      spellCheck={false}
      value={text}
      onChange={(event) => {
        setText(event.target.value);
        written.current = event.target.value;
        onChange(event.target.value);
      }}
    />
  );
}
