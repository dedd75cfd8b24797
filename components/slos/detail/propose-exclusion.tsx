'use client';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Exclusion, SloDetail } from '#lib/slo/schemas.ts';
import { Field, Input, Select, Textarea } from '../../ui/field.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { type Zone, zoneWord } from '../../ui/format-time.ts';
import { Note } from '../../ui/note.tsx';
import { toast } from '../../ui/toast.ts';
import { useSave } from '../../ui/use-save.ts';
import { type ExclusionForm, readExclusionForm, toField } from './exclusion-form.ts';
import { sloApi } from './slo-api.ts';

const shown = ['kind', 'from', 'to', 'reason', 'announcedAt', 'announcement'];

export interface ProposeExclusionProps {
  slo: SloDetail;
  zone: Zone;
  /** The stretch that is looked at, where somebody chose one. */
  range: { fromMs: number; toMs: number } | null;
  onClose: () => void;
}

/** Asks for time to be left out of the adjusted figures; somebody else decides. */
export function ProposeExclusion({ slo, zone, range, onClose }: ProposeExclusionProps) {
  const cache = useQueryClient();
  const save = useSave<Exclusion>(shown);
  const [tried, setTried] = useState(false);
  const [form, setForm] = useState<ExclusionForm>({
    kind: 'maintenance',
    from: range ? toField(range.fromMs, zone) : '',
    to: range ? toField(range.toMs, zone) : '',
    reason: '',
    announcedAt: '',
    announcement: '',
  });
  const set = (change: Partial<ExclusionForm>) => setForm((before) => ({ ...before, ...change }));
  const ledgerFromMs = slo.ledger.from === null ? null : Date.parse(slo.ledger.from);
  const read = readExclusionForm(form, { zone, nowMs: Date.now(), ledgerFromMs });
  const problem = (path: string) =>
    (tried ? read.problems.find((one) => one.path === path)?.message : undefined) ?? save.error?.field(path) ?? null;

  const submit = async () => {
    setTried(true);
    if (!read.body || !(await save.send('POST', sloApi(slo, '/exclusions'), read.body))) return;
    void cache.invalidateQueries({ queryKey: ['slos', slo.environment, 'one', slo.name] });
    toast.good('The exclusion is proposed; somebody who does not own the SLO decides');
    onClose();
  };
  return (
    <FormDialog
      title={`Propose an exclusion from ${slo.displayName}`}
      description="Only maintenance that was announced before, or an error of the measurement. Alerts, guard and policy go on reading the raw figures; the adjusted ones stand beside them."
      verb="Propose"
      busyWord="Proposing…"
      busy={save.busy}
      error={save.general}
      width={560}
      onSubmit={submit}
      onClose={onClose}
    >
      <Field label="What it was" error={problem('kind')} required>
        <Select value={form.kind} onChange={(event) => set({ kind: event.target.value as Exclusion['kind'] })}>
          <option value="maintenance">maintenance, announced before it began</option>
          <option value="measurement_error">an error of the measurement</option>
        </Select>
      </Field>
      <div className="c2">
        <Field label="From" hint={`Time in ${zoneWord(zone)}.`} error={problem('from')} required>
          <Input type="datetime-local" value={form.from} onChange={(event) => set({ from: event.target.value })} />
        </Field>
        <Field label="To" error={problem('to')} required>
          <Input type="datetime-local" value={form.to} onChange={(event) => set({ to: event.target.value })} />
        </Field>
      </div>
      <Field label="Reason" hint="What was done, or what was measured wrongly." error={problem('reason')} required>
        <Textarea maxLength={1000} value={form.reason} onChange={(event) => set({ reason: event.target.value })} />
      </Field>
      {form.kind === 'maintenance' ? (
        <div className="c2">
          <Field label="Announced at" hint={`Time in ${zoneWord(zone)}.`} error={problem('announcedAt')} required>
            <Input
              type="datetime-local"
              value={form.announcedAt}
              onChange={(event) => set({ announcedAt: event.target.value })}
            />
          </Field>
          <Field label="Announced where" hint="An address or a reference." error={problem('announcement')}>
            <Input
              autoComplete="off"
              maxLength={2000}
              value={form.announcement}
              onChange={(event) => set({ announcement: event.target.value })}
            />
          </Field>
        </div>
      ) : (
        <Note tone="info">It must be over: what is still measured wrongly is not known to its end.</Note>
      )}
    </FormDialog>
  );
}
