'use client';
import { useMemo } from 'react';
import type { TimeWindow } from '#lib/slo/schemas.ts';
import { Field, Select } from '../../ui/field.tsx';
import { readWhole, windowAs } from './form-values.ts';
import { NumberInput } from './number-input.tsx';

export interface WindowFieldsProps {
  window: TimeWindow;
  error: string | null;
  onChange: (window: TimeWindow) => void;
}

/** Over which time the objective holds. */
export function WindowFields({ window, error, onChange }: WindowFieldsProps) {
  const zones = useMemo(() => ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')], []);
  const local = useMemo(() => new Intl.DateTimeFormat().resolvedOptions().timeZone, []);
  const days = readWhole(1, 90);
  return (
    <div className="c2">
      <Field label="Window" error={error}>
        <Select
          value={window.kind}
          onChange={(event) => onChange(windowAs(event.target.value as TimeWindow['kind'], local))}
        >
          <option value="rolling">rolling: the days before now</option>
          <option value="calendar">calendar: begins anew</option>
        </Select>
      </Field>
      {window.kind === 'rolling' ? (
        <Field label="Days" hint="1 to 90. Below 7 there are no burn alerts.">
          <NumberInput
            value={window.days}
            read={days}
            write={String}
            onChange={(next) => onChange({ ...window, days: next })}
          />
        </Field>
      ) : (
        <div className="c2">
          <Field label="Each">
            <Select
              value={window.unit}
              onChange={(event) => onChange({ ...window, unit: event.target.value as (typeof window)['unit'] })}
            >
              {(['week', 'month', 'quarter', 'year'] as const).map((unit) => (
                <option key={unit}>{unit}</option>
              ))}
            </Select>
          </Field>
          <Field label="Time zone">
            <Select value={window.timeZone} onChange={(event) => onChange({ ...window, timeZone: event.target.value })}>
              {(zones.includes(window.timeZone) ? zones : [window.timeZone, ...zones]).map((zone) => (
                <option key={zone}>{zone}</option>
              ))}
            </Select>
          </Field>
        </div>
      )}
    </div>
  );
}
