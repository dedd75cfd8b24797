'use client';
import { useQuery } from '@tanstack/react-query';
import { policiesQuery } from '#lib/slo/queries.ts';
import type { SloDefinition, SloProblem } from '#lib/slo/schemas.ts';
import { Field, Input, Select, Textarea } from '../../ui/field.tsx';
import { gapSentence } from '../detail/detail-words.ts';
import { measuredWord } from '../words.ts';
import { problemAt, readPercent, readWhole, writePercent } from './form-values.ts';
import { IndicatorFields } from './indicator-fields.tsx';
import { NumberInput } from './number-input.tsx';
import { WindowFields } from './window-fields.tsx';

export interface DefinitionFormProps {
  definition: SloDefinition;
  problems: readonly SloProblem[];
  /** Its name is part of its address and stays. */
  isNew: boolean;
  onChange: (definition: SloDefinition) => void;
}

const textOrNull = (text: string) => (text === '' ? null : text);

/** The parts of an SLO as fields. What has no field stands in the text beside. */
export function DefinitionForm({ definition, problems, isNew, onChange }: DefinitionFormProps) {
  const policies = useQuery(policiesQuery()).data?.items ?? [];
  const set = (change: Partial<SloDefinition>) => onChange({ ...definition, ...change });
  const wrong = (...places: string[]) => problemAt(problems, ...places);
  const policyNames = [...new Set([...policies.map(({ name }) => name), definition.policy])];
  return (
    <div className="stack">
      <div className="c2">
        <Field label="Title" error={wrong('metadata.displayName')}>
          <Input
            autoComplete="off"
            value={definition.displayName ?? ''}
            onChange={(event) => set({ displayName: textOrNull(event.target.value) })}
          />
        </Field>
        <Field
          label="Name"
          hint={isNew ? 'Lower-case letters, digits and -; part of its address.' : 'Part of its address: it stays.'}
          error={wrong('metadata.name')}
          required
        >
          <Input
            autoComplete="off"
            className="mono"
            value={definition.name}
            readOnly={!isNew}
            onChange={(event) => set({ name: event.target.value })}
          />
        </Field>
      </div>
      <div className="c2">
        <Field label="Service" error={wrong('spec.service')} required>
          <Input
            autoComplete="off"
            value={definition.service}
            onChange={(event) => set({ service: event.target.value })}
          />
        </Field>
        <Field label="Owner" hint="Else the catalogue's." error={wrong('metadata.annotations')}>
          <Input
            autoComplete="off"
            value={definition.owner ?? ''}
            onChange={(event) => set({ owner: textOrNull(event.target.value) })}
          />
        </Field>
      </div>
      <div className="c2">
        <Field label="Objective in %" error={wrong('spec.objectives')} required>
          <NumberInput
            value={definition.target}
            read={readPercent}
            write={writePercent}
            onChange={(target) => set({ target })}
          />
        </Field>
        <Field label="Kind of promise">
          <Select
            value={definition.category}
            onChange={(event) => set({ category: event.target.value as SloDefinition['category'] })}
          >
            <option value="availability">availability</option>
            <option value="latency">latency</option>
            <option value="other">other</option>
          </Select>
        </Field>
      </div>
      <WindowFields
        window={definition.window}
        error={wrong('spec.timeWindow')}
        onChange={(window) => set({ window })}
      />
      <IndicatorFields indicator={definition.indicator} wrong={wrong} onChange={(indicator) => set({ indicator })} />
      <div className="c2">
        <Field label="Measured" hint="A service that is dead must cost budget: its own counters say nothing then.">
          <Select
            value={definition.measuredAt}
            onChange={(event) => set({ measuredAt: event.target.value as SloDefinition['measuredAt'] })}
          >
            {Object.entries(measuredWord).map(([at, word]) => (
              <option key={at} value={at}>
                {word}
              </option>
            ))}
          </Select>
        </Field>
        <Field label="Unknown time" hint={gapSentence[definition.gapPolicy]}>
          <Select
            value={definition.gapPolicy}
            onChange={(event) => set({ gapPolicy: event.target.value as SloDefinition['gapPolicy'] })}
          >
            <option value="unknown">is left out</option>
            <option value="good">counts as good</option>
            <option value="bad">counts as bad</option>
          </Select>
        </Field>
      </div>
      <div className="c2">
        <Field label="Least failures for a burn alert" hint="Guards against one error paging at night.">
          <NumberInput
            value={definition.alerting.minFailures}
            read={readWhole(0, 1_000_000)}
            write={String}
            onChange={(minFailures) => set({ alerting: { ...definition.alerting, minFailures } })}
          />
        </Field>
        <Field label="Budget policy">
          <Select value={definition.policy} onChange={(event) => set({ policy: event.target.value })}>
            {policyNames.map((name) => (
              <option key={name} value={name}>
                {policies.find((policy) => policy.name === name)?.title ?? name}
              </option>
            ))}
          </Select>
        </Field>
      </div>
      <Field label="Runbook" hint="An http or https address; alerts carry it.">
        <Input
          type="url"
          autoComplete="off"
          value={definition.runbookUrl ?? ''}
          onChange={(event) => set({ runbookUrl: textOrNull(event.target.value) })}
        />
      </Field>
      <Field label="Description" hint="What is promised, to whom." error={wrong('spec.description')}>
        <Textarea
          rows={2}
          maxLength={1_000}
          value={definition.description ?? ''}
          onChange={(event) => set({ description: textOrNull(event.target.value) })}
        />
      </Field>
    </div>
  );
}
