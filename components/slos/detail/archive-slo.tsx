'use client';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { sloQuery } from '#lib/slo/queries.ts';
import type { SloDetail } from '#lib/slo/schemas.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Field, Input } from '../../ui/field.tsx';
import { keepParams } from '../../ui/keep-params.ts';
import { toast } from '../../ui/toast.ts';
import { useSave } from '../../ui/use-save.ts';
import { sloApi } from './slo-api.ts';

/** Takes an SLO away, after saying what that ends and what it keeps. */
export function ArchiveSlo({ slo, onClose }: { slo: SloDetail; onClose: () => void }) {
  const cache = useQueryClient();
  const router = useRouter();
  const save = useSave<unknown>(['note']);
  const [version, setVersion] = useState(slo.version);
  const [note, setNote] = useState('');

  const confirm = async () => {
    const body = { version, ...(note.trim() && { note: note.trim() }) };
    if (!(await save.send('DELETE', sloApi(slo), body))) return;
    toast.good(`${slo.displayName} is archived`);
    router.push(keepParams('/slos', new URLSearchParams(window.location.search)));
    await cache.invalidateQueries({ queryKey: ['slos', slo.environment], exact: true });
  };
  const lookAgain = async () => {
    const now = await cache.fetchQuery({ ...sloQuery({ env: slo.environment, slo: slo.name }), staleTime: 0 });
    setVersion(now.version);
    save.clear();
  };
  return (
    <ConfirmDialog
      title={`Archive ${slo.displayName}?`}
      description="Its alerts leave the rule file when that is written next, and it is counted no more. What was counted, its revisions and its exclusions are kept."
      verb="Archive"
      busyWord="Archiving…"
      destructive
      busy={save.busy}
      error={save.general}
      onConfirm={confirm}
      onClose={onClose}
    >
      <div className="stack pt-3">
        <Field label="Why" hint="Kept with it, and in the audit." error={save.error?.field('note')}>
          <Input autoComplete="off" maxLength={500} value={note} onChange={(event) => setNote(event.target.value)} />
        </Field>
        {save.error?.code === 'slo.stale' ? (
          <div>
            <Button size="sm" onClick={lookAgain}>
              Archive what it is now
            </Button>
          </div>
        ) : null}
      </div>
    </ConfirmDialog>
  );
}
