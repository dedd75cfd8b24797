'use client';
import { useState } from 'react';
import type { Alert } from '#lib/alerts/schemas.ts';
import { alertTitle } from '#lib/alerts/title-rules.ts';
import { Field, Textarea } from '../ui/field.tsx';
import { FormDialog } from '../ui/form-dialog.tsx';
import type { Acknowledging } from './use-acknowledge.ts';

export interface NoteDialogProps {
  alert: Alert;
  acknowledging: Acknowledging;
  onClose: () => void;
}

/** Takes an alert and says something to those who look after. */
export function NoteDialog({ alert, acknowledging, onClose }: NoteDialogProps) {
  const [note, setNote] = useState(alert.acknowledged?.note ?? '');
  const busy = acknowledging.busy.has(alert.fingerprint);
  return (
    <FormDialog
      title="Acknowledge with a note"
      description={
        alert.acknowledged ? `${alertTitle(alert)}, taken by ${alert.acknowledged.by.name}` : alertTitle(alert)
      }
      verb="Acknowledge"
      busyWord="Acknowledging…"
      busy={busy}
      error={null}
      onSubmit={() => {
        void acknowledging.acknowledge([alert], note.trim() || undefined).then(onClose);
      }}
      onClose={onClose}
    >
      <Field
        label="Note"
        hint="What you know or do: “looking at the card network”. Everybody sees it beside the alert."
      >
        <Textarea autoFocus maxLength={500} rows={3} value={note} onChange={(event) => setNote(event.target.value)} />
      </Field>
    </FormDialog>
  );
}
