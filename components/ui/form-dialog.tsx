'use client';
import { type FormEvent, type ReactNode, useId } from 'react';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { Note } from './note.tsx';

export interface FormDialogProps {
  title: string;
  description?: ReactNode;
  verb: string;
  busyWord: string;
  busy: boolean;
  /** What went wrong with the whole, above the fields. */
  error: ReactNode;
  width?: number;
  onSubmit: () => void;
  onClose: () => void;
  children: ReactNode;
}

/** A form in a dialog. It stays open with all that was typed until what it asks for has happened. */
export function FormDialog(props: FormDialogProps) {
  const id = useId();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!props.busy) props.onSubmit();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => open || props.busy || props.onClose()}
      title={props.title}
      description={props.description}
      width={props.width}
      footer={
        <>
          <Button onClick={props.onClose} disabled={props.busy}>
            Cancel
          </Button>
          <Button type="submit" form={id} variant="primary" busy={props.busy}>
            {props.busy ? props.busyWord : props.verb}
          </Button>
        </>
      }
    >
      {/* The server's words say what is wrong with a field, so the browser's own are off. */}
      <form id={id} className="stack pt-2" onSubmit={submit} noValidate>
        {props.error ? (
          <Note tone="bad" live>
            {props.error}
          </Note>
        ) : null}
        {props.children}
      </form>
    </Dialog>
  );
}
