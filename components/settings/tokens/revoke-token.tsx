'use client';
import { useQueryClient } from '@tanstack/react-query';
import { Age } from '#components/ui/age.tsx';
import { ConfirmDialog } from '#components/ui/confirm-dialog.tsx';
import { toast } from '#components/ui/toast.ts';
import { useSave } from '#components/ui/use-save.ts';
import type { Token } from '#lib/auth/schemas.ts';

/** Ends a token, after saying what that does. */
export function RevokeToken({ token, onClose }: { token: Token; onClose: () => void }) {
  const cache = useQueryClient();
  const save = useSave<Token>();
  const confirm = async () => {
    if (!(await save.send('DELETE', `/api/v1/tokens/${token.id}`))) return;
    void cache.invalidateQueries({ queryKey: ['tokens'] });
    toast.good(`Token “${token.name}” is revoked`);
    onClose();
  };
  return (
    <ConfirmDialog
      title={`Revoke “${token.name}”?`}
      description="Whatever uses it is refused from now on, and its streams end at once. This cannot be undone: make another token instead."
      verb="Revoke"
      busyWord="Revoking…"
      destructive
      busy={save.busy}
      error={save.general}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p className="dim pt-2">
        <span className="mono">{token.prefix}…</span> of {token.owner.name},{' '}
        {token.lastUsedAt ? (
          <>
            last used <Age at={token.lastUsedAt} />
          </>
        ) : (
          'never used'
        )}
        .
      </p>
    </ConfirmDialog>
  );
}
