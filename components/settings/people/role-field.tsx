'use client';
import type { ReactNode } from 'react';
import { Field, Select } from '#components/ui/field.tsx';
import { type Role, roles } from '#lib/core/actor.ts';

const may: Record<Role, string> = {
  viewer: 'sees everything, changes nothing',
  responder: 'acknowledges, works incidents, does all that lowers risk',
  commander: 'also does what raises risk, approves, and sees the audit',
  admin: 'also manages people, tokens and sources',
};

export interface RoleFieldProps {
  value: Role;
  onChange: (role: Role) => void;
  error: string | null;
  /** Why it cannot be changed. */
  locked?: ReactNode;
}

/** The choice of a role, with what it may. */
export function RoleField({ value, onChange, error, locked }: RoleFieldProps) {
  return (
    <Field
      label="Role"
      error={error}
      hint={locked ?? `A ${value} ${may[value]}.`.replace('A admin', 'An admin')}
      required
    >
      <Select value={value} disabled={Boolean(locked)} onChange={(event) => onChange(event.target.value as Role)}>
        {roles.map((role) => (
          <option key={role} value={role}>
            {role}
          </option>
        ))}
      </Select>
    </Field>
  );
}
