'use client';
import { type ReactNode, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { Note } from '#components/ui/note.tsx';

export interface SecretDialogProps {
  title: string;
  description: ReactNode;
  /** What it is called: `password`, `token`. */
  what: string;
  secret: string;
  onClose: () => void;
  children?: ReactNode;
}

/** Shows a secret for the only time. It does not close by a slip before the secret was copied. */
export function SecretDialog({ title, description, what, secret, onClose, children }: SecretDialogProps) {
  const [copied, setCopied] = useState<'no' | 'yes' | 'failed'>('no');
  const [warned, setWarned] = useState(false);
  const close = () => (copied === 'yes' || warned ? onClose() : setWarned(true));
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(secret);
      setCopied('yes');
      setWarned(false);
    } catch {
      setCopied('failed');
    }
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => open || close()}
      title={title}
      description={description}
      width={560}
      footer={
        <>
          <Button onClick={close}>{warned ? 'Close without copying' : 'Done'}</Button>
          <Button variant="primary" autoFocus onClick={copy}>
            <span aria-live="polite">
              {copied === 'yes' ? 'Copied' : copied === 'failed' ? 'Select and copy it' : `Copy the ${what}`}
            </span>
          </Button>
        </>
      }
    >
      <div className="stack pt-2">
        <output className="code select-all text-[14px]">{secret}</output>
        {warned ? <Note live>Copy it first: it is kept nowhere in readable form and is not shown again.</Note> : null}
        {children}
      </div>
    </Dialog>
  );
}
