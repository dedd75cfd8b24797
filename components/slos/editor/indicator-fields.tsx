'use client';
import type { Indicator } from '#lib/slo/schemas.ts';
import { Field, Select, Textarea } from '../../ui/field.tsx';
import { indicatorAs, readNumber } from './form-values.ts';
import { NumberInput } from './number-input.tsx';

export interface IndicatorFieldsProps {
  indicator: Indicator;
  wrong: (...places: string[]) => string | null;
  onChange: (indicator: Indicator) => void;
}

const ratio = 'spec.indicator.spec.ratioMetric';
const threshold = 'spec.indicator.spec.thresholdMetric';

/** What is counted, in PromQL. */
export function IndicatorFields({ indicator, wrong, onChange }: IndicatorFieldsProps) {
  return (
    <fieldset className="stack border-0 p-0 m-0 min-w-0">
      <legend className="sr">What is measured</legend>
      <Field label="What is measured" error={wrong('spec.indicatorRef')}>
        <Select
          value={indicator.kind}
          onChange={(event) => onChange(indicatorAs(event.target.value as Indicator['kind'], indicator))}
        >
          <option value="ratio">events: failed or good ones of all</option>
          <option value="threshold">a value against a limit, such as a probe</option>
          <option value="raw">an expression that is a ratio by itself</option>
        </Select>
      </Field>
      {indicator.kind === 'ratio' ? <RatioFields indicator={indicator} wrong={wrong} onChange={onChange} /> : null}
      {indicator.kind === 'raw' ? (
        <>
          <Query
            label="Ratio"
            value={indicator.query}
            error={wrong(`${ratio}.raw`)}
            onChange={(query) => onChange({ ...indicator, query })}
          />
          <Field label="It is the share of">
            <Select
              value={indicator.type}
              onChange={(event) => onChange({ ...indicator, type: event.target.value as 'success' | 'failure' })}
            >
              <option value="success">good events</option>
              <option value="failure">failures</option>
            </Select>
          </Field>
        </>
      ) : null}
      {indicator.kind === 'threshold' ? (
        <>
          <Query
            label="Value"
            value={indicator.query}
            error={wrong(threshold)}
            onChange={(query) => onChange({ ...indicator, query })}
          />
          <div className="c2">
            <Field label="Good while it is">
              <Select
                value={indicator.op}
                onChange={(event) => onChange({ ...indicator, op: event.target.value as typeof indicator.op })}
              >
                <option value="lt">below</option>
                <option value="lte">at most</option>
                <option value="gt">above</option>
                <option value="gte">at least</option>
              </Select>
            </Field>
            <Field label="Limit">
              <NumberInput
                value={indicator.value}
                read={readNumber}
                write={String}
                onChange={(value) => onChange({ ...indicator, value })}
              />
            </Field>
          </div>
        </>
      ) : null}
    </fieldset>
  );
}

function RatioFields({
  indicator,
  wrong,
  onChange,
}: IndicatorFieldsProps & { indicator: Extract<Indicator, { kind: 'ratio' }> }) {
  const side = indicator.bad === null ? 'good' : 'bad';
  return (
    <>
      <Field label="Counted beside all events" hint="Failures are told apart more surely: what is missing is not good.">
        <Select
          value={side}
          onChange={(event) => {
            const query = indicator.bad ?? indicator.good;
            onChange({
              ...indicator,
              good: event.target.value === 'good' ? query : null,
              bad: event.target.value === 'bad' ? query : null,
            });
          }}
        >
          <option value="bad">failed events</option>
          <option value="good">good events</option>
        </Select>
      </Field>
      <Query
        label={side === 'bad' ? 'Failed events' : 'Good events'}
        value={indicator[side] ?? ''}
        error={wrong(`${ratio}.${side}`)}
        onChange={(query) => onChange({ ...indicator, [side]: query })}
      />
      <Query
        label="All events"
        value={indicator.total}
        error={wrong(`${ratio}.total`)}
        onChange={(total) => onChange({ ...indicator, total })}
      />
    </>
  );
}

function Query(props: { label: string; value: string; error: string | null; onChange: (text: string) => void }) {
  return (
    <Field label={props.label} hint="PromQL" error={props.error} required>
      <Textarea
        className="mono"
        rows={2}
        spellCheck={false}
        autoCapitalize="off"
        value={props.value}
        onChange={(event) => props.onChange(event.target.value)}
      />
    </Field>
  );
}
