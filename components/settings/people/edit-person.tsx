'use client';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Field, Input } from '#components/ui/field.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { Note } from '#components/ui/note.tsx';
import { toast } from '#components/ui/toast.ts';
import { useSave } from '#components/ui/use-save.ts';
import { peopleQuery } from '#lib/auth/queries.ts';
import type { Person } from '#lib/auth/schemas.ts';
import type { Role } from '#lib/core/actor.ts';
import { changedMeanwhile, isLastAdmin } from './last-admin.ts';
import { RoleField } from './role-field.tsx';

export interface EditPersonProps {
  person: Person;
  people: readonly Person[];
  isMe: boolean;
  onClose: () => void;
}

/** Changes a name or a role. When somebody was faster, what they did is said and what was typed here stays. */
export function EditPerson({ person, people, isMe, onClose }: EditPersonProps) {
  const cache = useQueryClient();
  const save = useSave<Person>(['name', 'role']);
  const [base, setBase] = useState(person);
  const [name, setName] = useState(person.name);
  const [role, setRole] = useState<Role>(person.role);
  const [meanwhile, setMeanwhile] = useState<string[]>([]);
  const isStale = save.error?.code === 'auth.stale';
  const last = isLastAdmin(base, people);

  const submit = async () => {
    const change = {
      ...(name.trim() !== base.name && { name }),
      ...(role !== base.role && { role }),
    };
    if (Object.keys(change).length === 0) return onClose();
    const after = await save.send('PATCH', `/api/v1/people/${base.id}`, { version: base.version, ...change });
    if (!after) return;
    void cache.invalidateQueries({ queryKey: ['people'] });
    toast.good(`${after.name} is changed`);
    onClose();
  };

  const reload = async () => {
    const { items } = await cache.fetchQuery({ ...peopleQuery(), staleTime: 0 });
    const now = items.find(({ id }) => id === base.id);
    if (!now) return;
    setMeanwhile(changedMeanwhile(base, now));
    // What was not touched here follows; what was typed stays.
    if (name === base.name) setName(now.name);
    if (role === base.role) setRole(now.role);
    setBase(now);
    save.clear();
  };

  return (
    <FormDialog
      title={`Change ${base.name}`}
      verb="Save"
      busyWord="Saving…"
      busy={save.busy}
      error={
        isStale ? (
          <span className="row wrap">
            <span className="grow">Somebody changed {base.name} since you opened this. What you typed is kept.</span>
            <Button size="sm" onClick={reload}>
              Reload
            </Button>
          </span>
        ) : save.error?.code === 'auth.last_admin' ? (
          `${base.name} is the last admin. ${save.error.message}`
        ) : (
          save.general
        )
      }
      onSubmit={submit}
      onClose={onClose}
    >
      {meanwhile.length > 0 && !isStale ? (
        <Note tone="info" live>
          Reloaded: {meanwhile.join('; ')}. Look again, then save.
        </Note>
      ) : null}
      <Field label="Name" error={save.error?.field('name')} required>
        <Input autoFocus autoComplete="off" maxLength={100} value={name} onChange={(e) => setName(e.target.value)} />
      </Field>
      <RoleField
        value={role}
        onChange={setRole}
        error={save.error?.field('role') ?? null}
        locked={last ? 'The last admin stays one. Make somebody else an admin first.' : undefined}
      />
      {role !== base.role ? (
        <Note>
          {isMe
            ? 'This is you: saving signs you out everywhere, and you come back with the other role.'
            : `Saving signs ${base.name} out everywhere, so that the other role is in force at once.`}
        </Note>
      ) : null}
    </FormDialog>
  );
}
