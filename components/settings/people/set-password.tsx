'use client';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { toast } from '#components/ui/toast.ts';
import { useSave } from '#components/ui/use-save.ts';
import type { Person } from '#lib/auth/schemas.ts';
import { type ChosenPassword, noPassword, PasswordField } from '../password-field.tsx';
import { SecretDialog } from '../secret-dialog.tsx';

/** Sets somebody's password, for instance because it was forgotten. */
export function SetPassword({ person, isMe, onClose }: { person: Person; isMe: boolean; onClose: () => void }) {
  const cache = useQueryClient();
  const save = useSave<Person>(['password']);
  const [password, setPassword] = useState<ChosenPassword>(noPassword);
  const [isSet, setIsSet] = useState(false);

  const submit = async () => {
    // Without the version: a password replaces whatever there was.
    if (!(await save.send('PATCH', `/api/v1/people/${person.id}`, { password: password.text }))) return;
    void cache.invalidateQueries({ queryKey: ['people'] });
    toast.good(`The password of ${person.name} is set; their sessions ended`);
    if (password.generated) setIsSet(true);
    else onClose();
  };

  if (isSet) {
    return (
      <SecretDialog
        title={`New password of ${person.name}`}
        description={`Hand it to ${person.name} by a way that you trust; the old one works no more.`}
        what="password"
        secret={password.text}
        onClose={onClose}
      />
    );
  }
  return (
    <FormDialog
      title={`Set the password of ${person.name}`}
      description={
        isMe
          ? 'The old one works no more, and you are signed out everywhere, here too.'
          : 'The old one works no more, and all their sessions end at once.'
      }
      verb="Set password"
      busyWord="Setting…"
      busy={save.busy}
      error={save.general}
      onSubmit={submit}
      onClose={onClose}
    >
      <PasswordField
        label="New password"
        value={password}
        onChange={setPassword}
        error={save.error?.field('password') ?? null}
        autoFocus
      />
    </FormDialog>
  );
}
