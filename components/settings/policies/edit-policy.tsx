'use client';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Field, Input, Select } from '#components/ui/field.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { Note } from '#components/ui/note.tsx';
import { toast } from '#components/ui/toast.ts';
import { useSave } from '#components/ui/use-save.ts';
import { policiesQuery } from '#lib/slo/queries.ts';
import type { Policy, PolicyStep } from '#lib/slo/schemas.ts';
import {
  changedMeanwhile,
  effectWord,
  formOf,
  type PolicyForm,
  readPolicyForm,
  type StepForm,
  withoutStep,
  withStep,
} from './policy-form.ts';

const blank: PolicyForm = {
  title: '',
  steps: [
    { key: 0, percent: '25', name: '', message: '', effect: 'none', tell: '' },
    { key: 1, percent: '0', name: '', message: '', effect: 'warn', tell: 'owner' },
    { key: 2, percent: '', name: '', message: '', effect: 'block', tell: 'owner, commanders' },
  ],
};
const mostSteps = 10;

export interface EditPolicyProps {
  /** null for a new one. */
  policy: Policy | null;
  /** Names that a new one may not have. */
  taken: readonly string[];
  onClose: () => void;
}

/** Changes the steps of a policy, or makes one. When somebody was faster, what they did is said and what was typed stays. */
export function EditPolicy({ policy, taken, onClose }: EditPolicyProps) {
  const cache = useQueryClient();
  const [base, setBase] = useState(policy);
  const [name, setName] = useState(policy?.name ?? '');
  const [form, setForm] = useState<PolicyForm>(() => (policy ? formOf(policy) : blank));
  const [tried, setTried] = useState(false);
  const [meanwhile, setMeanwhile] = useState<string[]>([]);
  const read = readPolicyForm(form);
  const save = useSave<Policy>(['name', 'title', ...fieldPaths(form)]);
  const isStale = save.error?.status === 409;
  const nameProblem = base ? null : problemOfName(name, taken);
  const problem = (path: string) =>
    (tried ? read.problems.find((one) => one.path === path)?.message : undefined) ?? save.error?.field(path) ?? null;
  const setStep = (key: number, change: Partial<StepForm>) =>
    setForm((before) => ({
      ...before,
      steps: before.steps.map((step) => (step.key === key ? { ...step, ...change } : step)),
    }));

  const submit = async () => {
    setTried(true);
    if (!read.body || nameProblem) return;
    const body = { ...read.body, version: base?.version ?? 0 };
    const after = await save.send('PUT', `/api/v1/policies/${encodeURIComponent(name)}`, body);
    if (!after) return;
    void cache.invalidateQueries({ queryKey: ['policies'] });
    void cache.invalidateQueries({ queryKey: ['slos'] });
    toast.good(base ? `${after.title} is changed` : `${after.title} is made`);
    onClose();
  };

  const reload = async () => {
    const { items } = await cache.fetchQuery({ ...policiesQuery(), staleTime: 0 });
    const now = items.find((one) => one.name === name);
    if (!now) return;
    if (base) setMeanwhile(changedMeanwhile(base, now));
    // Untouched, it follows; else what was typed stays and is saved over what is there now.
    if (base && JSON.stringify(formOf(base)) === JSON.stringify(form)) setForm(formOf(now));
    setBase(now);
    save.clear();
  };

  return (
    <FormDialog
      title={base ? `Change ${base.title}` : 'New budget policy'}
      description="Steps go from the fullest budget down. Each is in force while more than its share is left, the last one once nothing is."
      verb="Save"
      busyWord="Saving…"
      busy={save.busy}
      error={
        isStale ? (
          <span className="row wrap">
            <span className="grow">{save.error?.message} What you typed is kept.</span>
            <Button size="sm" onClick={reload}>
              Reload
            </Button>
          </span>
        ) : (
          save.general
        )
      }
      width={860}
      onSubmit={submit}
      onClose={onClose}
    >
      {meanwhile.length > 0 && !isStale ? (
        <Note tone="info" live>
          Reloaded: {meanwhile.join('; ')}. Look again, then save.
        </Note>
      ) : null}
      <div className="c2">
        <Field label="Title" error={problem('title')} required>
          <Input
            autoFocus
            autoComplete="off"
            maxLength={100}
            value={form.title}
            onChange={(event) => setForm({ ...form, title: event.target.value })}
          />
        </Field>
        {base ? null : (
          <Field
            label="Name"
            hint="As SLOs name it; it cannot be changed later."
            error={(tried ? nameProblem : null) ?? problem('name')}
            required
          >
            <Input
              autoComplete="off"
              spellCheck={false}
              className="mono"
              maxLength={63}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          </Field>
        )}
      </div>
      <ol className="grid gap-3" aria-label="Steps">
        {form.steps.map((step, i) => (
          <StepFields
            key={step.key}
            step={step}
            index={i}
            isLast={i === form.steps.length - 1}
            problem={problem}
            onChange={(change) => setStep(step.key, change)}
            onRemove={
              form.steps.length > 2 && i < form.steps.length - 1
                ? () => setForm(withoutStep(form, step.key))
                : undefined
            }
          />
        ))}
      </ol>
      {problem('steps') ? <Note tone="bad">{problem('steps')}</Note> : null}
      <div>
        <Button size="sm" disabled={form.steps.length >= mostSteps} onClick={() => setForm(withStep(form))}>
          Add a step
        </Button>
      </div>
    </FormDialog>
  );
}

const fieldPaths = ({ steps }: PolicyForm): string[] =>
  steps.flatMap((_, i) => ['from', 'name', 'message', 'effect', 'tell'].map((field) => `steps[${i}].${field}`));

function problemOfName(name: string, taken: readonly string[]): string | null {
  if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name)) return 'may have lower-case letters, digits and -, such as strict';
  return taken.includes(name) ? 'is taken by another policy' : null;
}

interface StepFieldsProps {
  step: StepForm;
  index: number;
  isLast: boolean;
  problem: (path: string) => string | null;
  onChange: (change: Partial<StepForm>) => void;
  onRemove: (() => void) | undefined;
}

function StepFields({ step, index, isLast, problem, onChange, onRemove }: StepFieldsProps) {
  const at = (field: string) => problem(`steps[${index}].${field}`);
  return (
    <li className="card grid gap-2">
      <div className="grid items-start gap-2 desk:grid-cols-[110px_minmax(0,1fr)_190px_auto]">
        <Field label={isLast ? 'Budget left' : 'Above, % left'} error={at('from')}>
          {isLast ? (
            <Input disabled value="nothing" />
          ) : (
            <Input
              inputMode="decimal"
              autoComplete="off"
              value={step.percent}
              onChange={(event) => onChange({ percent: event.target.value })}
            />
          )}
        </Field>
        <Field label="Step" error={at('name')} required>
          <Input
            autoComplete="off"
            maxLength={50}
            value={step.name}
            onChange={(event) => onChange({ name: event.target.value })}
          />
        </Field>
        <Field label="What raises risk" error={at('effect')}>
          <Select
            value={step.effect}
            onChange={(event) => onChange({ effect: event.target.value as PolicyStep['effect'] })}
          >
            {(['none', 'warn', 'block'] as const).map((effect) => (
              <option key={effect} value={effect}>
                {effectWord[effect]}
              </option>
            ))}
          </Select>
        </Field>
        <Button
          variant="quiet"
          className="desk:mt-[21px] h-8"
          disabled={!onRemove}
          onClick={onRemove}
          aria-label={`Take away step ${index + 1}`}
        >
          Remove
        </Button>
      </div>
      <div className="grid items-start gap-2 desk:grid-cols-[minmax(0,1fr)_300px]">
        <Field label="What it says" error={at('message')} required>
          <Input
            autoComplete="off"
            maxLength={500}
            value={step.message}
            onChange={(event) => onChange({ message: event.target.value })}
          />
        </Field>
        <Field
          label="Is told"
          hint={index === 0 ? 'owner, commanders or names of targets, with commas' : undefined}
          error={at('tell')}
        >
          <Input autoComplete="off" value={step.tell} onChange={(event) => onChange({ tell: event.target.value })} />
        </Field>
      </div>
    </li>
  );
}
