'use client';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { Note } from './note.tsx';

export interface ConfirmDialogProps {
  title: string;
  /** What happens, and what does not. */
  description: ReactNode;
  /** The verb on the button. */
  verb: string;
  busyWord: string;
  destructive?: boolean;
  busy: boolean;
  error: string | null;
  onConfirm: () => void;
  onClose: () => void;
  children?: ReactNode;
}

/** Asks before something that others notice. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  return (
    <Dialog
      open
      onOpenChange={(open) => open || props.onClose()}
      title={props.title}
      description={props.description}
      footer={
        <>
          <Button onClick={props.onClose}>Cancel</Button>
          <Button variant={props.destructive ? 'destroy' : 'primary'} busy={props.busy} onClick={props.onConfirm}>
            {props.busy ? props.busyWord : props.verb}
          </Button>
        </>
      }
    >
      {props.children}
      {props.error ? (
        <Note tone="bad" live className="mt-3">
          {props.error}
        </Note>
      ) : null}
    </Dialog>
  );
}
