'use client';
import { useQueryClient } from '@tanstack/react-query';
import { ConfirmDialog } from '#components/ui/confirm-dialog.tsx';
import { toast } from '#components/ui/toast.ts';
import { useSave } from '#components/ui/use-save.ts';
import type { Person } from '#lib/auth/schemas.ts';

/** Disables or enables a person, after saying what that does. */
export function SwitchPerson({ person, isMe, onClose }: { person: Person; isMe: boolean; onClose: () => void }) {
  const cache = useQueryClient();
  const save = useSave<Person>();
  const disable = person.disabledAt === null;
  const confirm = async () => {
    if (!(await save.send('PATCH', `/api/v1/people/${person.id}`, { disabled: disable }))) return;
    void cache.invalidateQueries({ queryKey: ['people'] });
    toast.good(disable ? `${person.name} is disabled` : `${person.name} can sign in again`);
    onClose();
  };
  return (
    <ConfirmDialog
      title={disable ? `Disable ${person.name}?` : `Enable ${person.name}?`}
      description={
        disable
          ? `${isMe ? 'This is you. ' : ''}All sessions end at once, and ${isMe ? 'your' : 'their'} tokens stop working. What ${isMe ? 'you' : 'they'} did stays in the audit. Nothing is deleted: you can enable ${isMe ? 'the account' : 'them'} again.`
          : 'They can sign in again with the password that they had, and their tokens work again until these expire.'
      }
      verb={disable ? 'Disable' : 'Enable'}
      busyWord={disable ? 'Disabling…' : 'Enabling…'}
      destructive={disable}
      busy={save.busy}
      error={
        save.error?.code === 'auth.last_admin'
          ? `${person.name} is the last admin. ${save.error.message}`
          : save.general
      }
      onConfirm={confirm}
      onClose={onClose}
    />
  );
}
