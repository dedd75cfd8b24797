'use client';
import { Button } from '#components/ui/button.tsx';
import { CopyButton } from '#components/ui/copy-button.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import type { CreatedToken } from '#lib/auth/schemas.ts';
import { SecretDialog } from '../secret-dialog.tsx';

/** The secret of a token that was just made, and how it is used. */
export function TokenSecret({ token, onClose }: { token: CreatedToken; onClose: () => void }) {
  if (token.secret === null) {
    return (
      <Dialog
        open
        onOpenChange={(open) => open || onClose()}
        title={`Token “${token.name}” was made`}
        description="Its secret was in an earlier answer that did not arrive, and is never sent twice. Revoke this token and create another."
        footer={<Button onClick={onClose}>Close</Button>}
      />
    );
  }
  const example = `curl -H "Authorization: Bearer ${token.secret}" \\\n  ${window.location.origin}/api/v1/me`;
  return (
    <SecretDialog
      title={`Token “${token.name}”`}
      description="Keep it where secrets are kept. Only a hash of it stays here."
      what="token"
      secret={token.secret}
      onClose={onClose}
    >
      <div className="grid gap-1">
        <div className="row">
          <h3 className="grow">Try it</h3>
          <CopyButton size="sm" text={example} label="Copy the command" />
        </div>
        <code className="code">{example}</code>
      </div>
    </SecretDialog>
  );
}
