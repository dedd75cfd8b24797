'use client';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { Menu } from './menu.tsx';

export interface ChoiceMenuProps<Id extends string> {
  label: string;
  /** Says that nothing is chosen. */
  none: string;
  choices: readonly { id: Id; label: string; hint?: string }[];
  chosen: Id | null;
  onChoose: (id: Id | null) => void;
  /** Stands behind what is chosen. */
  mark?: ReactNode;
}

/** A button that says which one of some things is chosen, and lets one choose another or none. */
export function ChoiceMenu<Id extends string>({ label, none, choices, chosen, onChoose, mark }: ChoiceMenuProps<Id>) {
  return (
    <Menu
      label={label}
      align="end"
      items={[
        { id: 'none', label: none, checked: !chosen, onSelect: () => onChoose(null) },
        ...choices.map(({ id, label: word, hint }) => ({
          id: `choice ${id}`,
          label: word,
          hint,
          checked: chosen === id,
          onSelect: () => onChoose(id),
        })),
      ]}
      trigger={
        <Button>
          {choices.find(({ id }) => id === chosen)?.label ?? (chosen || none)}
          {mark}
        </Button>
      }
    />
  );
}
