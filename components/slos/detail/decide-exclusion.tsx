'use client';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { sloExclusionsQuery } from '#lib/slo/queries.ts';
import type { Exclusion, SloDetail } from '#lib/slo/schemas.ts';
import { Button } from '../../ui/button.tsx';
import { Field, Textarea } from '../../ui/field.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { toast } from '../../ui/toast.ts';
import { useSave } from '../../ui/use-save.ts';
import { budgetText } from '../words.ts';
import { sloApi } from './slo-api.ts';

export type Decision = 'approve' | 'reject' | 'withdraw';

const words = {
  approve: {
    title: 'Approve the exclusion?',
    text: 'It is taken out of the adjusted figures from now on. The raw ones stay as they are, and alerts, guard and policy read those.',
    verb: 'Approve',
    busy: 'Approving…',
    done: 'The exclusion is approved',
  },
  reject: {
    title: 'Reject the exclusion?',
    text: 'The time goes on counting, in the adjusted figures too. It can be proposed again.',
    verb: 'Reject',
    busy: 'Rejecting…',
    done: 'The exclusion is rejected',
  },
  withdraw: {
    title: 'Withdraw the exclusion?',
    text: 'The time counts again. That it was proposed stays on record.',
    verb: 'Withdraw',
    busy: 'Withdrawing…',
    done: 'The exclusion is withdrawn',
  },
} as const;

export interface DecideExclusionProps {
  slo: SloDetail;
  exclusion: Exclusion;
  decision: Decision;
  onClose: () => void;
}

/** Decides on an exclusion. When somebody was faster, what it is now is said. */
export function DecideExclusion({ slo, exclusion, decision, onClose }: DecideExclusionProps) {
  const cache = useQueryClient();
  const save = useSave<Exclusion>(['note']);
  const [note, setNote] = useState('');
  const said = words[decision];
  const key = sloExclusionsQuery({ env: slo.environment, slo: slo.name }).queryKey;
  const isLate = save.error?.code === 'slo.exclusion_decided' || save.error?.code === 'slo.exclusion_unknown';

  const submit = async () => {
    const body = { version: exclusion.version, ...(note.trim() && { note: note.trim() }) };
    if (!(await save.send('POST', sloApi(slo, `/exclusions/${exclusion.id}/${decision}`), body))) return;
    void cache.invalidateQueries({ queryKey: ['slos', slo.environment, 'one', slo.name] });
    toast.good(said.done);
    onClose();
  };
  return (
    <FormDialog
      title={said.title}
      description={said.text}
      verb={said.verb}
      busyWord={said.busy}
      busy={save.busy}
      error={
        isLate ? (
          <span className="row wrap">
            <span className="grow">{save.error?.message}</span>
            <Button
              size="sm"
              onClick={() => {
                void cache.invalidateQueries({ queryKey: key });
                onClose();
              }}
            >
              See what it is now
            </Button>
          </span>
        ) : (
          save.general
        )
      }
      onSubmit={submit}
      onClose={onClose}
    >
      <dl className="facts -mx-3">
        <div>
          <dt className="dim">Budget left, raw</dt>
          <dd className="num">{budgetText(exclusion.budgetLeftRaw, 1)}</dd>
        </div>
        <div>
          <dt className="dim">
            {decision === 'withdraw' ? 'Adjusted, while it is in force' : 'Adjusted, if approved'}
          </dt>
          <dd className="num">{budgetText(exclusion.budgetLeftAdjusted, 1)}</dd>
        </div>
      </dl>
      <Field label="Why" hint="Kept with the decision, and in the audit." error={save.error?.field('note')}>
        <Textarea maxLength={500} value={note} onChange={(event) => setNote(event.target.value)} />
      </Field>
    </FormDialog>
  );
}
