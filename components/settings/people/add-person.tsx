'use client';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Field, Input } from '#components/ui/field.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { toast } from '#components/ui/toast.ts';
import { useSave } from '#components/ui/use-save.ts';
import type { Person } from '#lib/auth/schemas.ts';
import type { Role } from '#lib/core/actor.ts';
import { type ChosenPassword, noPassword, PasswordField } from '../password-field.tsx';
import { SecretDialog } from '../secret-dialog.tsx';
import { RoleField } from './role-field.tsx';

/** Adds a person who signs in with an email and a password. */
export function AddPerson({ onClose }: { onClose: () => void }) {
  const cache = useQueryClient();
  const save = useSave<Person>(['name', 'email', 'role', 'password']);
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('responder');
  const [password, setPassword] = useState<ChosenPassword>(noPassword);
  const [added, setAdded] = useState<Person | null>(null);

  const submit = async () => {
    const person = await save.send('POST', '/api/v1/people', {
      name,
      email: email.trim(),
      role,
      password: password.text,
    });
    if (!person) return;
    void cache.invalidateQueries({ queryKey: ['people'] });
    toast.good(`${person.name} can sign in as ${person.email}`);
    if (password.generated) setAdded(person);
    else onClose();
  };

  if (added) {
    return (
      <SecretDialog
        title={`Password of ${added.name}`}
        description={`Hand it to ${added.name} by a way that you trust; they sign in as ${added.email}.`}
        what="password"
        secret={password.text}
        onClose={onClose}
      />
    );
  }
  return (
    <FormDialog
      title="Add a person"
      verb="Add"
      busyWord="Adding…"
      busy={save.busy}
      error={save.general}
      onSubmit={submit}
      onClose={onClose}
    >
      <Field label="Name" error={save.error?.field('name')} required>
        <Input autoFocus autoComplete="off" maxLength={100} value={name} onChange={(e) => setName(e.target.value)} />
      </Field>
      <Field label="Email" hint="They sign in with it." error={save.error?.field('email')} required>
        <Input
          type="email"
          inputMode="email"
          autoComplete="off"
          maxLength={200}
          value={email}
          onChange={(e) => setEmail(e.target.value)}
        />
      </Field>
      <RoleField value={role} onChange={setRole} error={save.error?.field('role') ?? null} />
      <PasswordField
        label="Password"
        value={password}
        onChange={setPassword}
        error={save.error?.field('password') ?? null}
      />
    </FormDialog>
  );
}
